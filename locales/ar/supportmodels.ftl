# review: machine

model-newcomer-mentoring = مرشد للقادمين الجدد
model-newcomer-mentoring-about = شخص يعرف المكان يرافقك في الأشهر الستة الأولى.
model-newcomer-mentoring-not = المرشد ليس معالجًا ولا محاميًا ولا مسؤول ملف. ما يفوق طاقته يُحال إلى غيره.
model-buddy = رفيق للأسابيع الأولى
model-buddy-about = شخص موجود هنا من قبل يعرّفك على سير الأمور، ثم يبتعد شيئًا فشيئًا بعد بضعة أسابيع.
model-buddy-not = الرفيق ليس رئيسًا ولا معالجًا. ما يفوق طاقته يُحال إلى غيره.

role-newcomer = قادم جديد
role-mentor = مرشد
role-buddy = رفيق
role-coordinator = منسّق
role-safeguarding-lead = مسؤول الحماية
role-emergency-services = خدمات الطوارئ

step-introduce-the-two = تعريف الاثنين أحدهما بالآخر.
step-first-meeting = اللقاء الأول، في مكان يرتاح فيه كلاكما.
step-agree-how-we-work = الاتفاق على طريقة العمل معًا: كم مرة، وأين، وما الذي يبقى بينكما.
step-urgent-needs = السؤال عمّا لا يحتمل الانتظار: السكن والصحة والأوراق والمدرسة.
step-find-places-together = البحث معًا عن الأماكن المهمة: الطبيب والمتجر والحافلة والدوائر الرسمية.
step-name-own-goals = ما الذي تودّ الوصول إليه؟ الأهداف أهدافك وحدك.
step-accompany-appointment = عرض المرافقة إلى موعد.
step-weekly-contact = التواصل هذا الأسبوع: زيارة أو مكالمة أو رسالة.
step-short-check-in = ثلاثة أسئلة قصيرة: كيف حالك؟
step-supervision-talk = حديث مع المنسّق عن حالك في دورك.
step-ask-if-it-fits = سؤال الاثنين إن كانا متوافقين. التغيير ليس عيبًا.
step-look-back-midway = في منتصف الطريق: نظرة معًا إلى ما تحقّق وإلى ما تتمناه بعد.
step-be-in-touch-after-event = تغيّر شيء في حياة هذا الشخص. يُرجى التواصل معه وسؤاله عمّا يحتاج إليه.
step-plan-the-ending = حديث عن نهاية هذه الفترة وما بعدها.
step-celebrate = الاحتفال معًا بما تحقّق.
step-ask-how-it-went = سؤال الاثنين كيف كانت التجربة وما الذي يمكن تحسينه.
step-invite-to-mentor = السؤال عن الرغبة في أن يصبح هو نفسه مرشدًا.
step-welcome = الترحيب في اليوم الأول.
step-emergency-exits-and-help = تعريف بمخارج الطوارئ والإسعافات الأولية وبمن يُتصل به للمساعدة.
step-show-around = جولة في المكان: الغرف ودورات المياه والمطبخ ومكان هادئ.
step-introduce-people = التعريف بالأشخاص المهمين هنا.
step-travel-the-way-together = قطع الطريق إلى هنا معًا مرة واحدة.
step-how-things-are-done = شرح سير الأمور هنا، حتى ما لا يكتبه أحد.
step-whom-to-ask = توضيح من يُسأل عن ماذا.
step-what-is-still-unclear = ما الذي لا يزال غير واضح لك؟ لا سؤال أصغر من أن يُسأل.
step-induction-complete = مراجعة القائمة معًا: هل اكتمل كل شيء؟
step-how-are-you-as-buddy = سؤال الرفيق عن حاله في دوره.
step-step-back = الابتعاد شيئًا فشيئًا: تواصل أقل، مع البقاء قريبًا عند الحاجة.
step-say-goodbye = توديع هذه الفترة معًا.
step-invite-to-be-buddy = السؤال عن الرغبة في مرافقة قادم جديد.
step-follow-up-silence = لم يتواصل أحدكما مع الآخر منذ مدة. يُرجى التواصل من دون عتاب.
step-help-with-silence = لا تواصل بين هذين الاثنين منذ مدة طويلة. يُرجى السؤال إن كانا بحاجة إلى مساعدة.
step-contact-today = يُرجى التواصل اليوم: هناك من طلب ذلك.
step-contact-today-unanswered = طُلب التواصل أمس ولم يردّ أحد. يُرجى التواصل الآن.
step-contact-this-week-unanswered = طُلب التواصل هذا الأسبوع. يُرجى التواصل.
step-follow-up-missed-meetings = فات لقاءان. يُرجى السؤال، من دون عتاب، إن كان هناك ما يعيق.

checklist-induction = الأسبوعان الأولان

event-move = الانتقال إلى سكن آخر
event-job-change = تغيير العمل
event-family-crisis = وقت صعب في الأسرة
event-loss = فقدان
event-birth = ولادة

consent-mentoring = أودّ أن يكون لي مرشد.
consent-contact = أوافق على التواصل معي.
consent-confidentiality = ما يُقال لي يبقى عندي، إلا إذا كان أحد في خطر.

training-peer-basics = أساسيات دعم الأقران
training-safeguarding = الحماية من الأذى
