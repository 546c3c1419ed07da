# review: machine

today-title = اليوم
today-nothing = لا شيء لهذا اليوم.
today-due =
    { $count ->
        [zero] لا شيء لهذا اليوم
        [one] أمر واحد لهذا اليوم
        [two] أمران لهذا اليوم
        [few] { $count } أمور لهذا اليوم
        [many] { $count } أمرًا لهذا اليوم
       *[other] { $count } أمر لهذا اليوم
    }
due-by = حتى { $date }
due-since = متأخر منذ { $date }
today-meeting = لقاء: { $date }
today-done = تم
alert-contact-today = طلب تواصل لهذا اليوم من { $name }.
reminder = هناك شيء لك.

today-goal = هدفك: { $goal }
today-contact-this-week = طلب تواصل لهذا الأسبوع من { $name }.
today-attendance-conflict = سُجّل حضور { $name } بطريقتين. يُرجى اختيار واحدة.
