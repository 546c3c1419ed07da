# review: machine

app-tab-check-in = كيف حالك
app-tab-together = معًا
app-tab-directory = الدليل

app-next = التالي
app-back = رجوع
app-close = إغلاق
app-save = حفظ
app-cancel = إلغاء
app-add = إضافة
app-try-again = المحاولة مرة أخرى
app-understood = حسنًا
app-more = عرض المزيد
app-clear = مسح
app-copy = نسخ
app-send = إرسال
app-loading = لحظة من فضلك.
app-chosen = تم اختياره
app-not-chosen = لم يتم اختياره
app-date = { $date }
app-saved = تم الحفظ.
app-not-arrived = لم يصل هذا بعد. سيصل مع التبادل القادم.
app-no-words = ليس لهذا الإصدار من التطبيق كلمات لهذا بعد.
app-other-language = غير متاح بلغتك بعد.
app-somebody = شخص ما

app-welcome = أهلًا بك
app-welcome-about = كل شيء يبقى على هذا الهاتف مشفَّرًا، ويعمل من دون اتصال أيضًا.
app-set-up-language = بأي لغة تودّ القراءة؟
app-set-up-name = بأي اسم تودّ أن نناديك؟
app-set-up-protection = هل ترغب في عبارة مرور؟
app-set-up-step = الخطوة { $step } من { $steps }
app-name = اسمك
app-name-about = يرى هذا الاسم من تتشارك معهم شيئًا. لا يلزم أن يكون كما في أوراقك.
app-protection-about = بعبارة المرور لا يفتح هذا أحد من دونك، حتى لو كان هاتفك في يده. لا يمكن لأحد استرجاعها لك: يُرجى اختيار عبارة لا تُنسى.
app-with-passphrase = نعم، بعبارة مرور
app-without-passphrase = لا، من دونها
app-passphrase = عبارة المرور
app-passphrase-again = مرة أخرى
app-begin = ابدأ
app-kit-have = لديّ الكلمات الاثنتا عشرة لهاتف ضائع
app-kit-have-not = البدء دون كلمات
app-kit-enter = كلماتك الاثنتا عشرة
app-kit-words = اثنتا عشرة كلمة
app-kit-enter-about = كما هي على ورقتك، بترتيبها، وبينها مسافة.
app-kit-relay-about = وهو أيضًا على ورقتك.
app-kit-unknown = الكلمة رقم { $number } لا يمكن أن تكون صحيحة: { $word }. يُرجى مقارنتها بورقتك.
app-kit-unreached = لا يمكن سؤال الخادم الوسيط الخاص بكلماتك الآن. لم يضِع شيء: يُرجى مقارنة العنوان بورقتك أو المحاولة لاحقًا.
app-unlock-title = أهلًا بعودتك
app-unlock = فتح
app-trouble-title = لا يمكن فتح هذا الآن
app-set-aside = وضع الملف التالف جانبًا والبدء من جديد
app-set-aside-about = لا يُحذف شيء: يبقى الملف التالف على هذا الهاتف. تبدأ بتطبيق فارغ، ويلزم أن يدعوك من جديد من يتشاركون معك شيئًا.

app-settle = اهتممت بالأمر
app-check-in-tell = تسجيل حالك
app-unconfirmed = ليس مؤكدًا بعد من كتب هذا.
app-requests =
    { $count ->
        [zero] لا أحد ينتظر الدخول
        [one] شخص واحد يودّ الدخول
        [two] شخصان يودّان الدخول
        [few] { $count } أشخاص يودّون الدخول
        [many] { $count } شخصًا يودّون الدخول
       *[other] { $count } شخص يودّون الدخول
    }

app-choose-several = يمكن اختيار أكثر من واحد.
app-note = بكلماتك أنت
app-share-with = أنا ومن في «{ $pairing }»
app-shared-with = مشترك مع: { $space }
app-shared-with-nobody = لم يُشارَك مع أحد
app-check-in-again = تسجيل حالك مرة أخرى
app-check-ins-title = الأحوال السابقة
app-check-ins-none = لا شيء هنا بعد. يمكنك تسجيل حالك متى شئت.
app-take-back = سحب هذا التسجيل
app-take-back-ask = هل تودّ سحب ما سجّلته عن حالك؟ يختفي من هذا الهاتف الآن، ومن الهواتف الأخرى مع تبادلها القادم. الهاتف المطفأ يعلم بذلك لاحقًا. من غادر «{ $space }» يبقى لديه ما كان عنده، ومن قرأه فقد قرأه.
app-take-back-ask-private = هل تودّ سحب ما سجّلته عن حالك؟ لم يُشارَك مع أحد. يختفي من شاشاتك الآن، ويُمحى ما كتبته معه من هذا الهاتف، ومن النسخة المختومة لدى الخادم الوسيط، إن كانت لديك كلمات استعادة، مع تبادلك القادم.
app-taken-back = تم السحب.
app-erase-words = سحب ما كتبته
app-erase-words-ask = هل تودّ سحب ما كتبته هنا؟ يُمحى من هذا الهاتف الآن، ومن الهواتف الأخرى مع تبادلها القادم؛ وقد يبقى حتى ذلك الحين في هاتف مطفأ. من غادر «{ $space }» يبقى لديه ما كان عنده، ومن قرأه فقد قرأه. ولا يمكن استرجاعه. أما تسجيل الحال نفسه فيبقى.
app-erase-words-ask-private = هل تودّ سحب ما كتبته هنا؟ لم يُشارَك مع أحد. يُمحى من هذا الهاتف الآن، وتُمحى النسخة المختومة لدى الخادم الوسيط، إن كانت لديك كلمات استعادة، مع تبادلك القادم. ولا يمكن استرجاعه. أما تسجيل الحال نفسه فيبقى.
app-erase-words-ask-left = هل تودّ سحب ما كتبته هنا؟ هذا الهاتف لم يعد ضمن «{ $space }»: يُمحى ما كُتب منه وحده، ويبقى لدى الآخرين ما عندهم. ولا يمكن استرجاعه.
app-words-taken-back = مُحي ما كتبته من هذا الهاتف.
app-erase-theirs = محو هذا الكلام
app-erase-theirs-ask = هل تودّ محو ما كُتب هنا باسم { $name }؟ يُمحى من هذا الهاتف الآن، ومن الهواتف الأخرى، ومنها هاتف من كتبه، مع تبادلها القادم؛ وقد يبقى حتى ذلك الحين في هاتف مطفأ. من غادر «{ $space }» يبقى لديه ما كان عنده. ويرى الجميع أنه مُحي، ولا يمكن استرجاعه. أما تسجيل الحال نفسه فيبقى.
app-words-erased = مُحي من هذا الهاتف ما كُتب باسم { $name }. يعلم الآخرون بذلك مع التبادل القادم.
app-erased-here = مُحي من هذا الهاتف
app-erased-there = مُحي من هاتف { $name }
app-erased-unconfirmed = لم يؤكّد هاتف { $name } بعد: قد يكون ما كُتب لا يزال فيه
app-erased-gone = هاتف { $name } لم يعد هنا: ما وصل إليه من قبل يبقى فيه
app-erased-left = هذا الهاتف لم يعد ضمن «{ $space }»: قد يبقى ما كُتب في هاتف لم يؤكّد
app-erased-unknown = لا يمكن الآن معرفة الهواتف الأخرى التي مُحي منها

app-together-none = لا توجد لديك مرافقة أو مجموعة مشتركة بعد. يمكنك بدء واحدة أو الانضمام بدعوة.
app-pairings = المرافقات
app-groups = المجموعات
app-requests-title = من يودّ الدخول
app-begin-pairing = بدء مرافقة
app-model-ask = أي نوع من الدعم يكون؟
app-pairing-title = ماذا نسمّيها؟
app-role-ask = أي دور تأخذ؟
app-found-group = تأسيس مجموعة
app-group-name = اسم المجموعة
app-group-language = لغة المجموعة
app-group-capacity = لكم شخصًا؟
app-group-place = أين تلتقي عادةً؟
app-invite = دعوة شخص
app-join = الانضمام بدعوة

app-people = الأشخاص
app-you = أنت
app-part-open = لم يُؤخذ دور بعد
app-next-meeting = اللقاء القادم
app-plan-meeting = تحديد لقاء
app-day = اليوم
app-time = الوقت
app-place = المكان
app-choose-this = هذا
app-goals = الأهداف
app-goals-none = لا أهداف بعد. يمكن أن تأتي لاحقًا.
app-milestones = انتصارات صغيرة
app-milestones-none = لم يُكتب شيء بعد. الأول آتٍ.
app-milestone-add = إضافة انتصار صغير
app-steps = ما التالي
app-steps-none = لا شيء مفتوح الآن.
app-contacts = التواصل
app-contacts-none = لم يُكتب أي تواصل بعد.
app-contact-add = كنّا على تواصل
app-contact-how = كيف كان التواصل؟
app-contact-about = عمّ كان؟
app-responder-ask = من يصله الخبر أولًا حين يطلب أحد التواصل؟
app-hears-first = يصله الخبر أولًا

app-sessions = اللقاءات
app-session-move = اختيار وقت آخر
app-session-cancel = لن يُعقد
app-session-cancel-ask = هل تودّ إلغاء هذا اللقاء؟ يعلم كل من في المجموعة بذلك مع التبادل القادم. ويمكنك التخطيط للقاء آخر.
app-session-cancel-yes = نعم، لن يُعقد
app-session-cancel-no = لا، سيُعقد
app-session-cancelled = هذا اللقاء لن يُعقد.
app-person-add = إضافة شخص ليس لديه هاتف
app-person-name = اسم الشخص
app-person-language = لغة الشخص
app-person-added = أصبح { $name } في المجموعة.
app-marked-differently = سُجّل الحضور بطريقتين. يُرجى اختيار واحدة:
app-unsaved =
    { $count ->
        [zero] كل العلامات محفوظة
        [one] علامة واحدة لم تُحفظ بعد
        [two] علامتان لم تُحفظا بعد
        [few] { $count } علامات لم تُحفظ بعد
        [many] { $count } علامة لم تُحفظ بعد
       *[other] { $count } علامة لم تُحفظ بعد
    }
app-attendance-none = لا أحد في هذه المجموعة بعد.

app-search = عمّ تبحث؟
app-directories = الأدلة
app-directory-none = لا يوجد دليل هنا بعد. يمكنك الحصول على واحد بدعوة.
app-service-closed = لم يعد مفتوحًا
app-service-paused = مغلق مؤقتًا
app-call = اتصال
app-phones = الهاتف
app-places = أين
app-hours = ساعات العمل
app-hours-line =
    { $day ->
        [MO] الاثنين
        [TU] الثلاثاء
        [WE] الأربعاء
        [TH] الخميس
        [FR] الجمعة
        [SA] السبت
        [SU] الأحد
       *[other] { $day }
    }: { $opens } – { $closes }
app-languages = اللغات
app-for-whom = لمن
app-how-to-apply = كيفية التقديم
app-costs = التكلفة
app-to-bring = ما يلزم إحضاره
app-interpreting = الترجمة الشفوية
app-waiting-time = وقت الانتظار
app-website = صفحة الويب
app-email = البريد الإلكتروني

app-invite-title = دعوة
app-invite-ask = أين الشخص الذي تدعوه؟
app-invite-here = هنا معي
app-invite-elsewhere = في مكان آخر
app-invite-once = هي لشخص واحد، لمرة واحدة.
app-invite-all = كل من يراها يستطيع قراءة هذا الدليل.
app-invite-ends = صالحة حتى: { $date }
app-invite-code = رمز QR للدعوة
app-asks-to-join = طلب دخول من { $name }.
app-asks-to-join-here = طلب دخول من { $name }: { $space }
app-look-first = يُرجى السماح فقط لمن هو أمامك أو لمن تحدثت معه.
app-admit = السماح بالدخول
app-decline = ليس الآن
app-admitted = سُمح بدخول { $name }. يُرسَل الترحيب مع التبادل القادم.
app-declined = لم يُسمح بدخول { $name }.
app-scan = مسح الرمز
app-invite-text = الصق الدعوة هنا
app-join-for =
    { $kind ->
        [circle] هذه دعوة إلى مرافقة: { $title }
        [group] هذه دعوة إلى مجموعة: { $title }
        [directory] هذه تتيح لك قراءة دليل: { $title }
       *[other] هذه دعوة إلى: { $title }
    }
app-join-relay = يمرّ هذا عبر { $relay }. يعرف الخادم الوسيط عنوان هذا الهاتف ولا يستطيع قراءة شيء.
app-accept = قبول
app-join-sent = يُرسَل ردّك مع التبادل القادم. حالما يُسمح لك بالدخول تجده تحت «معًا».
app-join-reads = يصل الدليل مع التبادل القادم.
app-join-held = أنت هنا من قبل.

app-exchange-title = التبادل
app-exchange-now = تبادل الآن
app-exchange-bytes = أُرسل { $sent } ك.ب، ووصل { $received } ك.ب
app-exchange-progress = { $space }: { $done } من { $total } ك.ب
app-exchange-progress-own = لهذا الهاتف: { $done } من { $total } ك.ب
app-unmetered = { $size } ك.ب تنتظر اتصالًا لا يُدفع فيه حسب الكمية، مثل Wi-Fi.
app-metered-ask = هل يجوز أن تمرّ الأشياء الكبيرة أيضًا عبر اتصال يُدفع فيه حسب الكمية؟
app-metered-wait = لا، تنتظر اتصالًا آخر
app-metered-use = نعم، يمرّ كل شيء
app-relay = الخادم الوسيط
app-relay-about = ينقل الخادم الوسيط أظرفًا مختومة، ولا يستطيع فتح أي منها.
app-relay-address = عنوان الخادم الوسيط
app-relay-none = لم يُحدَّد خادم وسيط بعد. تأتي به الدعوة.
app-relay-trouble = لا يستطيع الخادم الوسيط الرد الآن. كل شيء محفوظ؛ يُرجى المحاولة لاحقًا.
app-held-title = ما وُضع جانبًا
app-held-waiting = ينتظر شيئًا لم يصل بعد.
app-held-removed = كتبه شخص أُخرج من المجموعة قبل أن يراه أحد. يُحتسب حالما يستند إليه عمل شخص آخر.
app-held-refused = رُفض لأنه يخالف قاعدة. لم يتغيّر شيء.
app-held-fork = أُعيد هاتف إلى نسخة أقدم، فاستمرت بعدها نسختان. تُبقي كل الهواتف النسخة نفسها، وما ينقصها يكتبه هاتف صاحبه من جديد.
app-held-doubtful = تعذّر قبوله هنا. يبقى محفوظًا ويُجرَّب من جديد بعد التحديث.
app-unread-space = تعذّرت الآن قراءة ما وُضع جانبًا في «{ $space }». ويظهر كل ما عداه.
app-held-work =
    { $count ->
        [zero] لا مساهمات من { $name } موضوعة جانبًا
        [one] مساهمة واحدة من { $name } موضوعة جانبًا
        [two] مساهمتان من { $name } موضوعتان جانبًا
        [few] { $count } مساهمات من { $name } موضوعة جانبًا
        [many] { $count } مساهمة من { $name } موضوعة جانبًا
       *[other] { $count } مساهمة من { $name } موضوعة جانبًا
    }
app-held-work-about = وصل هذا بعد الإخراج، وربما لم يكن ذلك الهاتف قد عَلِم به. لا يُحتسب حتى الآن.
app-keep = قبوله
app-keep-ask = هل تودّ قبول ما كُتب؟ لا يمكن لأحد قراءته قبل ذلك. يراه الجميع هناك مع التبادل القادم، ولا يمكن التراجع عن ذلك. ويبقى الإخراج كما هو.
app-kept = تم قبوله. يصل إلى الآخرين مع التبادل القادم.

app-profile = أنت وهذا الهاتف
app-rename = تغيير الاسم
app-language = اللغة
app-calendar = التقويم
app-calendar-usual = كالمعتاد في لغتك
app-calendar-gregorian = الميلادي
app-calendar-solar-hijri = الهجري الشمسي
app-passphrase-set = تحمي عبارة مرور ما هو هنا.
app-passphrase-none = لا توجد عبارة مرور.
app-passphrase-change = تغيير عبارة المرور
app-passphrase-old = عبارة المرور حتى الآن
app-passphrase-new = عبارة المرور الجديدة
app-passphrase-changed = تسري عبارة المرور الجديدة من الآن.
app-passphrase-removed = لم تعد هناك عبارة مرور.
app-kit = اثنتا عشرة كلمة لهاتف ضائع
app-kit-about = إذا ضاع هذا الهاتف، يمكنك المتابعة على هاتف آخر. تلزم لذلك اثنتا عشرة كلمة على ورقة. هذه الكلمات تعيد من أنت هنا وما كتبته لنفسك. أما ما تتشاركه مع الآخرين فيعود حين يسمحون لهاتفك الجديد بالدخول. من يوم إنشاء الكلمات يُحفظ ما تكتبه لنفسك عند الخادم الوسيط أيضًا. وهو مقفل هناك: لا يستطيع الخادم الوسيط قراءته.
app-kit-keep = من لديه الورقة التي عليها هذه الكلمات يستطيع قراءة ما كتبته لنفسك والتصرف هنا باسمك. يُرجى حفظها في مكان لا يجدها فيه أحد غيرك، لا بجانب هذا الهاتف. لا يمكن لأحد استرجاع الكلمات لك.
app-kit-make = إنشاء الكلمات
app-kit-write = يُرجى كتابة هذه الكلمات الاثنتي عشرة على ورقة بهذا الترتيب، ومعها العنوان الذي فوقها. هي كلمات إنجليزية تُنسخ حرفًا حرفًا. تظهر هذه المرة فقط.
app-kit-written = كتبتُها على الورقة
app-kit-word = { $number }. { $word }
app-kit-check = كلمتان من ورقتك
app-kit-check-about = يُرجى كتابة هاتين الكلمتين كما هما على ورقتك. هكذا يتبيّن هل نُسختا نسخًا صحيحًا.
app-kit-check-word = الكلمة رقم { $number }
app-kit-compare = مقارنة
app-kit-look = عرض الكلمات من جديد
app-kit-checked = الكلمتان صحيحتان. يُرجى حفظ الورقة في مكان آمن.
app-kit-differs = الكلمة رقم { $number } غير مطابقة بعد. لم يضِع شيء: يُرجى عرض الكلمات من جديد ومقارنتها بورقتك.
app-kit-leave = هل تودّ المغادرة الآن؟
app-kit-leave-about = لم تُقارَن الكلمات بورقتك بعد. بعد المغادرة لن تظهر من جديد. إن لم تكن على ورقة، فيُرجى عرضها من جديد أولًا.
app-kit-leave-yes = المغادرة دون مقارنة
app-kit-made = أُنشئت في { $date }
app-kit-ready = يمكن استخدامها.
app-kit-waits = يمكن استخدامها بعد عمليات التبادل القليلة القادمة.
app-kit-no-relay = يلزم أولًا تحديد خادم وسيط في قسم «التبادل».
app-kit-again = إنشاء كلمات أخرى
app-kit-again-ask = هل تودّ إنشاء كلمات أخرى؟ بعد التبادل القادم لن تعيد الكلمات التي على ورقتك شيئًا.
app-lock = قفل
app-wipe = حذف كل شيء على هذا الهاتف
app-wipe-ask = هل تودّ حذف كل شيء على هذا الهاتف؟ لا يمكن استرجاعه. ما شاركته يبقى عند الآخرين.
app-wipe-yes = نعم، حذف كل شيء
