# review: machine

demo-title = يوم في الميدان
demo-opened = تم فتح التطبيق: { $name }. كل شيء يبقى على هذا الجهاز، مشفَّرًا.
demo-goes-offline = لا اتصال الآن: { $name }
demo-came-to-session = حضر اللقاء: { $name }
demo-worked-offline =
    { $count ->
        [zero] لا تغييرات من دون اتصال
        [one] تغيير واحد من دون اتصال
        [two] تغييران من دون اتصال
        [few] { $count } تغييرات من دون اتصال
        [many] { $count } تغييرًا من دون اتصال
       *[other] { $count } تغيير من دون اتصال
    }
demo-connection-returns = عاد الاتصال.
demo-delivered-first = وصل هذا أولًا: { $alert }
demo-both-times-kept =
    { $count ->
        [zero] لم يُحفظ أي موعد.
        [one] حُفظ موعد واحد للقاء.
        [two] حُفظ موعدان للقاء.
        [few] حُفظت { $count } مواعيد للقاء.
        [many] حُفظ { $count } موعدًا للقاء.
       *[other] حُفظ { $count } موعد للقاء.
    }
demo-private-stays = التسجيل الخاص على جهاز { $name } وليس في أي مكان آخر.
demo-nothing-left = التبادل الثاني لم يجد شيئًا آخر لينقله.
demo-card-closed = مع { $name } الآن، ولا يمكن فتح شيء منه على الطريق.
demo-taken-out = لم يعد ضمن المجموعة: { $name }
demo-reads-no-further = ما قُرئ من قبل يبقى لدى { $name }. أما ما يُكتب الآن فلا يمكن فتحه هناك.
demo-searched = البحث عن «{ $query }»: { $hits }
demo-kept-on-device = على جهاز { $name }: { $kilobytes } كيلوبايت، مشفَّرة
demo-kept-on-relay = المظاريف المغلقة على الخادم الوسيط: { $envelopes } ({ $kilobytes } كيلوبايت). ولا يستطيع فتح أيٍّ منها.
demo-crossed = { $name } طوال اليوم: أُرسل { $sent } كيلوبايت، واستُلم { $received } كيلوبايت
demo-end = الجميع متفقون، وكل شخص قرأ ذلك بلغته.
