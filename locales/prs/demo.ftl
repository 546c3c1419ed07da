# review: machine

demo-title = یک روز در ساحه
demo-opened = { $name } برنامه را باز می‌کند. همه چیز رمزگذاری‌شده در همین دستگاه می‌ماند.
demo-goes-offline = { $name } حالا ارتباط ندارد.
demo-came-to-session = { $name } به جلسه آمد.
demo-worked-offline =
    { $count ->
        [one] { $count } تغییر بدون ارتباط
       *[other] { $count } تغییر بدون ارتباط
    }
demo-connection-returns = ارتباط دوباره برقرار شد.
demo-delivered-first = این اول رسید: { $alert }
demo-both-times-kept =
    { $count ->
        [one] { $count } وقت جلسه نگه داشته شد.
       *[other] { $count } وقت جلسه نگه داشته شد.
    }
demo-private-stays = احوال‌دهی خصوصی تنها در دستگاه { $name } است و در هیچ جای دیگر نیست.
demo-nothing-left = تبادلهٔ دوم چیز دیگری برای رساندن ندارد.
demo-card-closed = { $name } آن را می‌برد و هیچ چیز آن را باز کرده نمی‌تواند.
demo-taken-out = { $name } دیگر در گروه نیست.
demo-reads-no-further = آنچه { $name } پیش از این خوانده است، نزدش می‌ماند. آنچه حالا نوشته می‌شود، آنجا باز شده نمی‌تواند.
demo-searched = جست‌وجوی «{ $query }»: { $hits }
demo-kept-on-device = در دستگاه { $name }: { $kilobytes } کیلوبایت، رمزگذاری‌شده
demo-kept-on-relay = پاکت‌های بسته در سرور واسطه: { $envelopes } ({ $kilobytes } کیلوبایت). هیچ یک را باز کرده نمی‌تواند.
demo-crossed = { $name } در تمام روز: { $sent } کیلوبایت فرستاده شد، { $received } کیلوبایت رسید
demo-end = نزد همه یکسان است و هر کس به زبان خود خوانده است.
