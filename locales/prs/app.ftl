# review: machine

app-tab-check-in = احوال شما
app-tab-together = با هم
app-tab-directory = رهنمود خدمات

app-next = بعدی
app-back = برگشت
app-close = بستن
app-save = ذخیره
app-cancel = لغو
app-add = علاوه کردن
app-try-again = دوباره کوشش کنید
app-understood = درست است
app-more = بیشتر نشان بده
app-clear = پاک کردن
app-copy = کاپی
app-send = فرستادن
app-loading = لطفاً یک لحظه.
app-chosen = انتخاب شده
app-not-chosen = انتخاب نشده
app-date = { $date }
app-saved = ذخیره شد.
app-not-arrived = این هنوز نرسیده است. با تبادلهٔ بعدی می‌رسد.
app-no-words = این نسخهٔ برنامه هنوز برای این گفته‌ای ندارد.
app-other-language = هنوز به زبان شما نیست.
app-somebody = کسی

app-welcome = خوش آمدید
app-welcome-about = همه چیز در همین تیلفون می‌ماند و رمزگذاری شده است. بدون ارتباط هم کار می‌کند.
app-set-up-language = می‌خواهید به کدام زبان بخوانید؟
app-set-up-name = می‌خواهید به کدام نام صدا شوید؟
app-set-up-protection = آیا رمز می‌خواهید؟
app-set-up-step = قدم { $step } از { $steps }
app-name = نام شما
app-name-about = کسانی که با آن‌ها چیزی شریک می‌سازید، این نام را می‌بینند. لازم نیست همان نام اسناد شما باشد.
app-protection-about = با رمز، هیچ کس بدون شما این را باز نمی‌کند، حتی اگر تیلفون شما در دستش باشد. هیچ کس نمی‌تواند آن را برای شما دوباره پیدا کند: لطفاً رمزی انتخاب کنید که یادتان نرود.
app-with-passphrase = بلی، با رمز
app-without-passphrase = نه، بدون رمز
app-passphrase = رمز
app-passphrase-again = یک بار دیگر
app-begin = آغاز
app-kit-have = من دوازده کلمهٔ تیلفون گم‌شده را دارم
app-kit-have-not = آغاز بدون کلمه‌ها
app-kit-enter = دوازده کلمهٔ شما
app-kit-words = دوازده کلمه
app-kit-enter-about = همان طور که روی کاغذ شماست، به همان ترتیب و با فاصله میان آن‌ها.
app-kit-relay-about = این هم روی کاغذ شماست، پایین‌تر از کلمه‌ها.
app-kit-unreached = اکنون از سرور واسطهٔ کلمه‌های شما پرسیده نمی‌شود. هیچ چیز از دست نرفته است: لطفاً نشانی را با کاغذ خود مقایسه کنید یا بعدتر کوشش کنید.
app-unlock-title = باز خوش آمدید
app-unlock = باز کردن
app-trouble-title = این اکنون باز نمی‌شود
app-set-aside = فایل خراب را کنار بگذارید و از نو آغاز کنید
app-set-aside-about = هیچ چیز پاک نمی‌شود: فایل خراب در همین تیلفون می‌ماند. شما با برنامهٔ خالی آغاز می‌کنید و کسانی که با شما چیزی شریک دارند، باید شما را دوباره دعوت کنند.

app-settle = به آن رسیدگی کردم
app-check-in-tell = احوال خود را بگویید
app-unconfirmed = هنوز یقینی نیست که این را کی نوشته است.
app-requests =
    { $count ->
        [one] { $count } نفر می‌خواهد داخل شود
       *[other] { $count } نفر می‌خواهند داخل شوند
    }

app-choose-several = می‌توانید چند تا را انتخاب کنید.
app-note = با گفتهٔ خودتان
app-share-with = من و کسانی که در «{ $pairing }» هستند
app-shared-with = شریک با: { $space }
app-shared-with-nobody = با هیچ کس شریک نیست
app-check-in-again = یک احوال‌دهی دیگر
app-check-ins-title = احوال‌دهی‌های قبلی
app-check-ins-none = هنوز احوال‌دهی نیست. هر وقت خواسته باشید می‌توانید بنویسید.
app-take-back = پس گرفتن احوال‌دهی
app-take-back-ask = این احوال‌دهی را پس می‌گیرید؟ از این تیلفون همین اکنون گم می‌شود و از تیلفون‌های دیگر با تبادلهٔ بعدی آن‌ها. تیلفونی که خاموش است بعدتر خبر می‌شود. کسی که از «{ $space }» رفته است، آنچه داشت نزدش می‌ماند، و کسی که خوانده است، خوانده است.
app-take-back-ask-private = این احوال‌دهی را پس می‌گیرید؟ با هیچ کس شریک نیست. از صفحه‌های شما همین اکنون گم می‌شود؛ آنچه با آن نوشته‌اید از این تیلفون پاک می‌شود و اگر کلمه‌های بازیابی دارید، از کاپی مهرشده در سرور واسطه نیز، با تبادلهٔ بعدی شما.
app-taken-back = پس گرفته شد.
app-erase-words = پس گرفتن آنچه نوشته‌ام
app-erase-words-ask = آنچه را اینجا نوشته‌اید پس می‌گیرید؟ از این تیلفون همین اکنون پاک می‌شود و از تیلفون‌های دیگر با تبادلهٔ بعدی آن‌ها؛ در تیلفونی که خاموش است شاید تا آن وقت بماند. کسی که از «{ $space }» رفته است، آنچه داشت نزدش می‌ماند، و کسی که خوانده است، خوانده است. برگشت ندارد. خود احوال‌دهی می‌ماند.
app-erase-words-ask-private = آنچه را اینجا نوشته‌اید پس می‌گیرید؟ با هیچ کس شریک نیست. از این تیلفون همین اکنون پاک می‌شود و اگر کلمه‌های بازیابی دارید، کاپی مهرشده در سرور واسطه با تبادلهٔ بعدی شما. برگشت ندارد. خود احوال‌دهی می‌ماند.
app-erase-words-ask-left = آنچه را اینجا نوشته‌اید پس می‌گیرید؟ شما دیگر در «{ $space }» نیستید: تنها از این تیلفون پاک می‌شود و نزد دیگران می‌ماند. برگشت ندارد.
app-words-taken-back = آنچه نوشته بودید از این تیلفون پاک شد.
app-erase-theirs = پاک کردن این نوشته
app-erase-theirs-ask = آنچه { $name } اینجا نوشته است پاک شود؟ از این تیلفون همین اکنون پاک می‌شود و از تیلفون‌های دیگر، تیلفون خودش هم، با تبادلهٔ بعدی آن‌ها؛ در تیلفونی که خاموش است شاید تا آن وقت بماند. کسی که از «{ $space }» رفته است، آنچه داشت نزدش می‌ماند. همه می‌بینند که پاک شده است، و برگشت ندارد. خود احوال‌دهی می‌ماند.
app-words-erased = نوشتهٔ { $name } از این تیلفون پاک شد. دیگران با تبادلهٔ بعدی خبر می‌شوند.
app-erased-here = از این تیلفون پاک شده است
app-erased-there = از تیلفون { $name } پاک شده است
app-erased-unconfirmed = تیلفون { $name } هنوز تأیید نکرده است: شاید هنوز در آن باشد
app-erased-gone = { $name } دیگر اینجا نیست: آنچه به تیلفونش رسیده بود، در آن می‌ماند
app-erased-left = شما دیگر در «{ $space }» نیستید: تیلفونی که تأیید نکرده است شاید آن را نگه دارد
app-erased-unknown = اکنون معلوم نیست که از کدام تیلفون‌های دیگر پاک شده است

app-together-none = شما هنوز همراهی یا گروه مشترک ندارید. یکی را آغاز کنید یا با دعوت بپیوندید.
app-pairings = همراهی‌ها
app-groups = گروه‌ها
app-requests-title = کی می‌خواهد داخل شود
app-begin-pairing = آغاز یک همراهی
app-model-ask = چه نوع کمک باشد؟
app-pairing-title = نام آن چه باشد؟
app-role-ask = شما کدام نقش را می‌گیرید؟
app-found-group = ساختن یک گروه
app-group-name = نام گروه
app-group-language = زبان گروه
app-group-capacity = برای چند نفر؟
app-group-place = معمولاً کجا جمع می‌شوند؟
app-invite = دعوت کردن کسی
app-join = پیوستن با دعوت

app-people = اشخاص
app-you = شما
app-part-open = هنوز نقشی نگرفته است
app-next-meeting = جلسهٔ بعدی
app-plan-meeting = تعیین جلسه
app-day = روز
app-time = وقت
app-place = جای
app-choose-this = همین
app-goals = هدف‌ها
app-goals-none = هنوز هدفی نیست. بعدتر هم می‌تواند بیاید.
app-milestones = پیروزی‌های کوچک
app-milestones-none = هنوز چیزی نوشته نشده است. اولی آن می‌رسد.
app-milestone-add = نوشتن یک پیروزی کوچک
app-steps = قدم‌های بعدی
app-steps-none = اکنون کاری نمانده است.
app-contacts = تماس‌ها
app-contacts-none = هنوز هیچ تماسی نوشته نشده است.
app-contact-add = با هم در تماس بودیم
app-contact-how = چطور در تماس بودید؟
app-contact-about = در بارهٔ چه بود؟
app-responder-ask = وقتی کسی تماس بخواهد، اول کی خبر شود؟
app-hears-first = اول خبر می‌شود

app-sessions = جلسه‌ها
app-session-move = انتخاب وقت دیگر
app-session-cancel = جلسه نمی‌شود
app-session-cancel-ask = این جلسه لغو شود؟ همه در گروه با تبادلهٔ بعدی خبر می‌شوند. می‌توانید جلسهٔ دیگری بگذارید.
app-session-cancel-yes = بلی، جلسه نمی‌شود
app-session-cancel-no = نه، جلسه می‌شود
app-session-cancelled = این جلسه دایر نمی‌شود.
app-person-add = علاوه کردن کسی که تیلفون ندارد
app-person-name = نام او
app-person-language = زبان او
app-person-added = { $name } اکنون در گروه است.
app-marked-differently = دو نشانی متفاوت ثبت شده است. لطفاً یکی را انتخاب کنید:
app-unsaved =
    { $count ->
        [one] { $count } نشانی هنوز ذخیره نشده است
       *[other] { $count } نشانی هنوز ذخیره نشده است
    }
app-attendance-none = هنوز کسی در این گروه نیست.

app-search = چه را جستجو می‌کنید؟
app-directories = رهنمودهای خدمات
app-directory-none = هنوز رهنمود خدمات اینجا نیست. می‌توانید با دعوت یکی را بگیرید.
app-service-closed = دیگر باز نیست
app-service-paused = فعلاً بسته است
app-call = زنگ زدن
app-phones = تیلفون
app-places = کجا
app-hours = وقت کار
app-hours-line =
    { $day ->
        [MO] دوشنبه
        [TU] سه‌شنبه
        [WE] چهارشنبه
        [TH] پنجشنبه
        [FR] جمعه
        [SA] شنبه
        [SU] یکشنبه
       *[other] { $day }
    }: { $opens } – { $closes }
app-languages = زبان‌ها
app-for-whom = برای کی
app-how-to-apply = چطور درخواست بدهید
app-costs = مصرف آن
app-to-bring = چه با خود بیاورید
app-interpreting = ترجمانی
app-waiting-time = وقت انتظار
app-website = صفحهٔ انترنت
app-email = ایمیل

app-invite-title = دعوت
app-invite-ask = کسی که دعوتش می‌کنید کجاست؟
app-invite-here = اینجا با من
app-invite-elsewhere = جای دیگر
app-invite-once = برای یک نفر و یک بار است.
app-invite-all = هر کس آن را ببیند، می‌تواند این رهنمود خدمات را بخواند.
app-invite-ends = اعتبار تا: { $date }
app-invite-code = کود QR دعوت
app-asks-to-join = { $name } می‌خواهد داخل شود.
app-asks-to-join-here = { $name } می‌خواهد داخل شود: { $space }
app-look-first = لطفاً تنها کسی را اجازه بدهید که پیش روی شماست یا با او گپ زده‌اید.
app-admit = اجازه دادن
app-decline = فعلاً نه
app-admitted = به { $name } اجازه داده شد. خوش‌آمدید با تبادلهٔ بعدی می‌رود.
app-declined = به { $name } اجازه داده نشد.
app-scan = اسکن کود
app-invite-text = دعوت را اینجا بگذارید
app-join-for =
    { $kind ->
        [circle] این شما را به یک همراهی دعوت می‌کند: { $title }
        [group] این شما را به یک گروه دعوت می‌کند: { $title }
        [directory] با این می‌توانید یک رهنمود خدمات را بخوانید: { $title }
       *[other] این شما را دعوت می‌کند: { $title }
    }
app-join-relay = این از راه { $relay } می‌رود. سرور واسطه نشانی این تیلفون را می‌داند، اما هیچ چیز را خوانده نمی‌تواند.
app-accept = قبول کردن
app-join-sent = جواب شما با تبادلهٔ بعدی می‌رود. همین که به شما اجازه داده شود، آن را زیر «با هم» می‌یابید.
app-join-reads = رهنمود خدمات با تبادلهٔ بعدی می‌رسد.
app-join-held = شما از پیش اینجا هستید.

app-exchange-title = تبادله
app-exchange-now = اکنون تبادله کنید
app-exchange-bytes = { $sent } کیلوبایت فرستاده شد، { $received } کیلوبایت رسید
app-exchange-progress = { $space }: { $done } از { $total } کیلوبایت
app-exchange-progress-own = برای این تیلفون: { $done } از { $total } کیلوبایت
app-unmetered = { $size } کیلوبایت منتظر ارتباطی است که پولش به اندازهٔ مصرف نیست، مثل وای‌فای.
app-metered-ask = آیا چیزهای بزرگ از ارتباطی که پولش به اندازهٔ مصرف است هم برود؟
app-metered-wait = نه، منتظر ارتباط دیگر بماند
app-metered-use = بلی، همه چیز برود
app-relay = سرور واسطه
app-relay-about = سرور واسطه پاکت‌های مهرشده را می‌رساند. هیچ کدام را باز کرده نمی‌تواند.
app-relay-address = نشانی سرور واسطه
app-relay-none = هنوز سرور واسطه تعیین نشده است. دعوت آن را با خود می‌آورد.
app-relay-trouble = سرور واسطه اکنون جواب داده نمی‌تواند. همه چیز نگه داشته شده است؛ لطفاً بعدتر کوشش کنید.
app-held-title = آنچه کنار گذاشته شده
app-held-waiting = منتظر چیزی است که هنوز نرسیده است.
app-held-removed = کسی آن را نوشته است که پیش از دیدن دیگران بیرون شد. همین که کار کسی دیگر بر آن تکیه کند، به حساب می‌آید.
app-held-refused = رد شد، چون خلاف یک قاعده است. هیچ چیز تغییر نکرد.
app-held-fork = یک تیلفون به کاپی روز پیشتر برگردانده شد و از آن دو نسخه پیش رفت. همهٔ تیلفون‌ها همان یکی را نگه می‌دارند؛ آنچه در آن کم است، تیلفون نویسنده‌اش دوباره می‌نویسد.
app-held-doubtful = اینجا پذیرفته نشد. نگه داشته می‌شود و پس از نو شدن برنامه دوباره آزمایش می‌شود.
app-unread-space = آنچه در «{ $space }» کنار گذاشته شده، اکنون خوانده نمی‌شود. هر چیز دیگر نشان داده شده است.
app-held-work =
    { $count ->
        [one] { $count } کار { $name } کنار گذاشته شده است
       *[other] { $count } کار { $name } کنار گذاشته شده است
    }
app-held-work-about = پس از بیرون شدن رسیده است؛ شاید آن تیلفون هنوز خبر نداشت. تا اکنون به حساب نمی‌آید.
app-keep = پذیرفتن
app-keep-ask = آنچه نوشته شده است پذیرفته شود؟ پیش از آن هیچ کس آن را خوانده نمی‌تواند. همه در آنجا با تبادلهٔ بعدی آن را می‌بینند و برگشت ندارد. خود آن شخص بیرون می‌ماند.
app-kept = پذیرفته شد. با تبادلهٔ بعدی به دیگران می‌رسد.

app-profile = شما و این تیلفون
app-rename = تغییر نام
app-language = زبان
app-calendar = تقویم
app-calendar-usual = مثل معمول در زبان شما
app-calendar-gregorian = میلادی
app-calendar-solar-hijri = هجری شمسی
app-passphrase-set = آنچه اینجاست، با رمز نگهداری می‌شود.
app-passphrase-none = رمزی نیست.
app-passphrase-change = تغییر رمز
app-passphrase-old = رمز تا اکنون
app-passphrase-new = رمز نو
app-passphrase-changed = از این پس رمز نو استفاده می‌شود.
app-passphrase-removed = دیگر رمزی نیست.
app-kit = دوازده کلمه برای تیلفون گم‌شده
app-kit-about = اگر این تیلفون گم شود، دوازده کلمه روی کاغذ در تیلفون دیگر برمی‌گرداند که شما اینجا کی هستید و برای خود چه نوشته‌اید. آنچه با دیگران شریک است وقتی برمی‌گردد که به تیلفون نو شما اجازه بدهند. برای این که کلمه‌ها به کار بیایند، آنچه برای خود می‌نویسید از آن پس مهرشده به سرور واسطه می‌رود و او هیچ کدام را باز کرده نمی‌تواند.
app-kit-keep = کسی که این کلمه‌ها را دارد، می‌تواند آنچه را برای خود نوشته‌اید بخواند. لطفاً کاغذ را جایی نگه دارید که تنها شما آن را بیابید، نه در کنار این تیلفون. هیچ کس نمی‌تواند کلمه‌ها را برای شما دوباره پیدا کند.
app-kit-make = ساختن دوازده کلمه
app-kit-write = لطفاً این دوازده کلمه را به همین ترتیب روی کاغذ بنویسید و نشانی پایین آن‌ها را هم. تنها همین بار نشان داده می‌شوند.
app-kit-written = روی کاغذ نوشتم
app-kit-word = { $number }. { $word }
app-kit-made = ساخته شد: { $date }
app-kit-ready = می‌توان از آن‌ها استفاده کرد.
app-kit-waits = پس از چند تبادلهٔ بعدی می‌توان از آن‌ها استفاده کرد.
app-kit-no-relay = اول باید در بخش «تبادله» سرور واسطه تعیین شود.
app-kit-again = ساختن کلمه‌های دیگر
app-kit-again-ask = کلمه‌های دیگر ساخته شود؟ پس از تبادلهٔ بعدی، کلمه‌هایی که روی کاغذ شماست دیگر چیزی را برنمی‌گردانند.
app-lock = قفل کردن
app-wipe = پاک کردن همه چیز در این تیلفون
app-wipe-ask = همه چیز در این تیلفون پاک شود؟ دوباره آورده نمی‌شود. آنچه شریک ساخته‌اید، نزد دیگران می‌ماند.
app-wipe-yes = بلی، همه چیز پاک شود
