# review: machine

model-newcomer-mentoring = رهنما برای تازه‌رسیده‌ها
model-newcomer-mentoring-about = کسی که این جای را می‌شناسد، در شش ماه اول همراه شماست.
model-newcomer-mentoring-not = رهنما مشاور روانی، وکیل یا مأمور دوسیه نیست. آنچه از توانش بیرون باشد، به مسئول آن سپرده می‌شود.
model-buddy = همراه برای هفته‌های اول
model-buddy-about = کسی که از پیش اینجاست، به شما نشان می‌دهد کارها چگونه است و پس از چند هفته آهسته‌آهسته کنار می‌رود.
model-buddy-not = همراه، آمر یا مشاور روانی نیست. آنچه از توانش بیرون باشد، به مسئول آن سپرده می‌شود.

role-newcomer = تازه‌رسیده
role-mentor = رهنما
role-buddy = همراه
role-coordinator = هماهنگ‌کننده
role-safeguarding-lead = مسئول محافظت
role-emergency-services = خدمات عاجل

step-introduce-the-two = هر دو را به هم معرفی کنید.
step-first-meeting = بار اول با هم ببینید، در جایی که هر دو راحت باشید.
step-agree-how-we-work = با هم فیصله کنید که چطور پیش می‌روید: چند بار، در کجا و چه گپ‌هایی میان شما می‌ماند.
step-urgent-needs = بپرسید چه چیز معطل نمی‌شود: جای بود و باش، صحت، اسناد، مکتب.
step-find-places-together = جاهای مهم را با هم پیدا کنید: داکتر، دکان، بس، ادارات.
step-name-own-goals = بگویید می‌خواهید به چه برسید. این هدف‌ها تنها از خود شماست.
step-accompany-appointment = بگویید که حاضرید به یک وعدهٔ ملاقات همراهش بروید.
step-weekly-contact = این هفته احوال بگیرید: یک دیدار، زنگ یا پیام.
step-short-check-in = سه سؤال کوتاه: چطور هستید؟
step-supervision-talk = با هماهنگ‌کننده گپ بزنید که در نقش خود چطور هستید.
step-ask-if-it-fits = از هر دو بپرسید که آیا با هم جور می‌آیند. تبدیلی شرم نیست.
step-look-back-midway = نیم راه: با هم ببینید چه به دست آمده و دیگر چه آرزو دارید.
step-be-in-touch-after-event = در زندگی این شخص چیزی تغییر کرده است. احوالش را بگیرید و بپرسید چه لازم دارد.
step-plan-the-ending = دربارهٔ ختم این دوره و پس از آن گپ بزنید.
step-celebrate = آنچه را به دست آمده با هم جشن بگیرید.
step-ask-how-it-went = از هر دو بپرسید که چطور گذشت و چه باید بهتر شود.
step-invite-to-mentor = بپرسید که آیا می‌خواهد خودش هم رهنما شود.
step-welcome = روز اول خوش‌آمد بگویید.
step-emergency-exits-and-help = دروازه‌های عاجل و کمک‌های اولیه را نشان بدهید و بگویید برای کمک به کی زنگ بزند.
step-show-around = جای را نشان بدهید: اتاق‌ها، تشناب، آشپزخانه، یک گوشهٔ آرام.
step-introduce-people = با کسانی که اینجا مهم هستند معرفی کنید.
step-travel-the-way-together = یک بار راه را تا اینجا با هم بیایید.
step-how-things-are-done = بگویید که کارها اینجا چگونه پیش می‌رود، حتی آنچه را کسی نمی‌نویسد.
step-whom-to-ask = نشان بدهید که هر چیز را از کی بپرسد.
step-what-is-still-unclear = بگویید چه چیز هنوز روشن نیست. هیچ سؤالی خُرد نیست.
step-induction-complete = فهرست را با هم ببینید: آیا همه چیز انجام شد؟
step-how-are-you-as-buddy = از همراه بپرسید که در نقش خود چطور است.
step-step-back = آهسته‌آهسته کنار بروید: کمتر احوال بگیرید، ولی در دسترس باشید.
step-say-goodbye = با این دورهٔ مشترک خداحافظی کنید.
step-invite-to-be-buddy = بپرسید که آیا می‌خواهد همراه یک تازه‌رسیده شود.
step-follow-up-silence = مدتی است که از هم خبر ندارید. لطفاً بدون گله احوال بگیرید.
step-help-with-silence = این دو نفر دیری است که در تماس نبوده‌اند. لطفاً بپرسید که آیا کمک لازم دارند.
step-contact-today = لطفاً همین امروز تماس بگیرید: این را خواسته‌اند.
step-contact-today-unanswered = دیروز خواسته بودند که تماس بگیرید و کسی جواب نداده است. لطفاً همین حالا تماس بگیرید.
step-contact-this-week-unanswered = این هفته خواسته بودند که تماس بگیرید. لطفاً تماس بگیرید.
step-follow-up-missed-meetings = دو جلسه از دست رفت. لطفاً بدون گله بپرسید که آیا مشکلی هست.

checklist-induction = دو هفتهٔ اول

event-move = کوچیدن به خانهٔ دیگر
event-job-change = تغییر کار
event-family-crisis = روزهای سخت در فامیل
event-loss = از دست دادن کسی یا چیزی عزیز
event-birth = تولد

consent-mentoring = می‌خواهم یک رهنما داشته باشم.
consent-contact = می‌توانند با من تماس بگیرند.
consent-confidentiality = آنچه به من می‌گویند نزد من می‌ماند، مگر این‌که کسی در خطر باشد.

training-peer-basics = اساسات حمایت همتایان
training-safeguarding = محافظت از آسیب
