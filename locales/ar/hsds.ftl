# review: machine

hsds-problem-missing = هذا الحقل مطلوب وهو غير موجود
hsds-problem-wrong-type = نوع القيمة غير صحيح
hsds-problem-not-in-list = ليست من القيم المسموح بها
hsds-problem-not-a-date = هذا ليس تاريخاً
hsds-problem-not-a-time = هذا ليس وقتاً
hsds-problem-out-of-range = هذا الرقم أصغر أو أكبر من المسموح
hsds-problem-not-an-email = هذا ليس عنوان بريد إلكتروني
hsds-problem-not-a-web-address = هذا ليس عنوان موقع
hsds-problem-not-a-phone = هذا ليس رقم هاتف
hsds-problem-not-a-language = هذا ليس رمز لغة
hsds-problem-not-a-recurrence = هذه ليست قاعدة تكرار
hsds-problem-not-utf8 = تعذّرت قراءة بعض الأحرف (ليست UTF-8)
hsds-problem-control-characters = حُذفت أحرف تحكم غير مرئية
hsds-problem-too-long = كان النص طويلاً جداً فقُصّ
hsds-problem-too-many = المدخلات كثيرة جداً؛ أُخذت الأولى منها
hsds-problem-too-deep = التداخل عميق جداً
hsds-problem-too-large = الحجم كبير جداً
hsds-problem-not-json = ليس JSON صحيحاً
hsds-problem-cut-short = ينتهي الملف في منتصفه
hsds-problem-duplicate = مدخل آخر له المعرّف نفسه ويقول شيئاً مختلفاً
hsds-problem-unknown-reference = يشير إلى مدخل غير موجود
hsds-problem-unreadable = تعذّر فتح الملف
hsds-problem-no-services = لا توجد خدمات في هذا الملف
