# review: machine

cli-passphrase = عبارة المرور:
cli-passphrase-new = اختيار عبارة مرور:
cli-passphrase-again = مرة أخرى:
cli-passphrase-differs = العبارتان غير متطابقتين. يُرجى المحاولة مرة أخرى.
cli-key-beside-store = لا توجد عبارة مرور: المفتاح في ملف بجانب المخزن، ومن يستطيع قراءة ملفاتك يستطيع فتحه.
cli-importing = جارٍ الاستيراد
cli-exchanging = جارٍ التبادل
cli-done = تم.
