# review: machine

cli-passphrase = عبارة المرور:
cli-passphrase-new = اختيار عبارة مرور:
cli-passphrase-again = مرة أخرى:
cli-passphrase-differs = العبارتان غير متطابقتين. يُرجى المحاولة مرة أخرى.
cli-key-beside-store = لا توجد عبارة مرور: المفتاح في ملف بجانب المخزن، ومن يستطيع قراءة ملفاتك يستطيع فتحه.
cli-key-open-to-others = يستطيع آخرون على هذا الحاسوب قراءة ملف المفتاح. يُرجى قصر القراءة على مالكه.
cli-importing = جارٍ الاستيراد
cli-exchanging = جارٍ التبادل
cli-done = تم.
cli-opening = جارٍ الفتح
cli-no-relay = لم يُحدَّد هنا خادم وسيط بعد. يمكن تحديده بـ --relay أو بالانضمام عبر دعوة.
cli-no-tls = هذا الخادم الوسيط يطلب خطًا مشفَّرًا (https)، وهذا البرنامج لا يستطيع فتحه بنفسه. يُرجى وضع وكيل أمامه على هذا الحاسوب.
cli-profile-empty = لا يوجد شيء هنا بعد.
cli-profile-ready = يمكن فتح هذا.
cli-profile-needs-migration = يمكن فتح هذا. وسيُحوَّل أولًا إلى صيغة هذا الإصدار.
