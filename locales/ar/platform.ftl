# review: machine

platform-app-name = رفيق

platform-reminder = يوجد شيء من أجلك في رفيق.
platform-reminders = التذكيرات
platform-reminders-about = أن شيئًا قد حان موعده. ولا تذكر أبدًا ما هو.
platform-reminders-why = يمكن لرفيق تذكيرك بما هو مخطط لديك. ومن يرَ التذكير لا يعرف شيئًا عن موضوعه. هل تريد ذلك؟
platform-yes = نعم، من فضلك
platform-not-now = ليس الآن

platform-camera-why = بالكاميرا يمكنك قراءة رمز الدعوة. لا تُحفظ أي صورة.
platform-camera-aim = يرجى توجيه الكاميرا نحو الرمز.
platform-camera-refused = من دون الكاميرا يمكنك لصق الدعوة بدلًا من ذلك.

platform-no-app = لا يوجد على هذا الهاتف تطبيق لهذا الغرض.
