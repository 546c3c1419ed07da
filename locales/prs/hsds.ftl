# review: machine

hsds-problem-missing = این خانه لازم است و نیست
hsds-problem-wrong-type = نوع این قیمت درست نیست
hsds-problem-not-in-list = از قیمت‌های مجاز نیست
hsds-problem-not-a-date = این تاریخ نیست
hsds-problem-not-a-time = این وقت نیست
hsds-problem-out-of-range = این عدد بسیار خورد یا بسیار کلان است
hsds-problem-not-an-email = این ایمیل نیست
hsds-problem-not-a-web-address = این آدرس ویب نیست
hsds-problem-not-a-phone = این شمارهٔ تلفون نیست
hsds-problem-not-a-language = این کود زبان نیست
hsds-problem-not-a-recurrence = این قاعدهٔ تکرار نیست
hsds-problem-not-utf8 = بعضی حروف خوانده نشد (UTF-8 نیست)
hsds-problem-control-characters = حروف کنترولی نامرئی حذف شد
hsds-problem-too-long = متن بسیار دراز بود و کوتاه شد
hsds-problem-too-many = موارد بسیار زیاد بود؛ اولی‌ها گرفته شد
hsds-problem-too-deep = تو در تویی بسیار زیاد است
hsds-problem-too-large = بسیار کلان است
hsds-problem-not-json = JSON درست نیست
hsds-problem-cut-short = فایل در میان ختم می‌شود
hsds-problem-duplicate = یک مورد دیگر همین شناسه را دارد و چیز دیگری می‌گوید
hsds-problem-unknown-reference = به موردی اشاره دارد که اینجا نیست
hsds-problem-unreadable = فایل باز نشد
hsds-problem-no-services = در این فایل خدمتی نیست
