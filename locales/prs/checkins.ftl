# review: machine

check-in-title = چطور هستید؟
check-in-ask-feeling = حال و احوال‌تان چطور است؟
check-in-ask-help = چه چیزی به شما کمک می‌کند؟
check-in-ask-contact = می‌خواهید کسی با شما تماس بگیرد؟
check-in-ask-share = کی می‌تواند این را ببیند؟
check-in-ask-note = می‌خواهید چیزی علاوه کنید؟

feeling-1 = بسیار سخت
    .description = چهرهٔ گریان
feeling-2 = سخت
    .description = چهرهٔ غمگین
feeling-3 = نه خوب، نه بد
    .description = چهرهٔ آرام
feeling-4 = خوب
    .description = چهرهٔ خندان
feeling-5 = بسیار خوب
    .description = چهره‌ای که از دل می‌خندد

help-emotional = کسی که گوش بدهد
help-practical = کمک در یک کار عملی
help-companionship = همراهی
help-information = معلومات

contact-no = نه، تشکر
    .told = خواهش تماس: نیست
contact-this-week = بلی، همین هفته
    .told = خواهش تماس: همین هفته
contact-today = بلی، امروز
    .told = خواهش تماس: امروز

share-private = تنها خودم

check-in-kept-private = ذخیره شد. با هیچ کس شریک نیست.
check-in-kept-shared = ذخیره شد. { $name } پس از تبادلهٔ بعدی آن را می‌بیند.
check-in-contact-today-noted = ذخیره شد. همین که ارتباط برقرار شود، پیش از هر چیز به { $name } خبر داده می‌شود.
words-not-here-yet = آنچه این‌جا نوشته شده هنوز نرسیده است.
words-erased = آنچه این‌جا نوشته شده بود پاک شده است.
check-in-if-danger = اگر در خطر هستید، منتظر جواب نمانید: به شمارهٔ عاجل زنگ بزنید.
