# review: machine

check-in-title = كيف حالك؟
check-in-ask-feeling = كيف تسير الأمور؟
check-in-ask-help = ما الذي يمكن أن يساعدك؟
check-in-ask-contact = هل ترغب في أن يتواصل أحد معك؟
check-in-ask-share = من يمكنه رؤية هذا؟
check-in-ask-note = هل هناك ما تودّ إضافته؟

feeling-1 = صعب جدًا
    .description = وجه باكٍ
feeling-2 = صعب
    .description = وجه حزين
feeling-3 = بين بين
    .description = وجه هادئ
feeling-4 = جيد
    .description = وجه مبتسم
feeling-5 = جيد جدًا
    .description = وجه ضاحك

help-emotional = شخص يستمع إليّ
help-practical = مساعدة في أمر عملي
help-companionship = رفقة
help-information = معلومات

contact-no = لا، شكرًا
    .told = طلب تواصل: لا
contact-this-week = نعم، هذا الأسبوع
    .told = طلب تواصل: هذا الأسبوع
contact-today = نعم، اليوم
    .told = طلب تواصل: اليوم

share-private = أنا فقط

check-in-kept-private = تم الحفظ. لم يُشارَك مع أحد.
check-in-kept-shared = تم الحفظ. سيصل إلى { $name } بعد التبادل القادم.
check-in-contact-today-noted = تم الحفظ. حالما يتوفر اتصال، سيصل الخبر إلى { $name } قبل أي شيء آخر.
words-not-here-yet = ما كُتب هنا لم يصل بعد.
words-erased = ما كُتب هنا قد مُحي.
check-in-if-danger = في حالة الخطر يُرجى عدم انتظار الرد والاتصال برقم الطوارئ.
