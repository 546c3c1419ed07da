# review: machine

today-title = امروز
today-nothing = امروز کاری نیست.
today-due =
    { $count ->
        [one] { $count } کار برای امروز
       *[other] { $count } کار برای امروز
    }
due-by = تا { $date }
due-since = از { $date } مانده است
today-meeting = جلسه: { $date }
today-done = انجام شد
alert-contact-today = { $name } خواسته است که امروز با او تماس گرفته شود.
reminder = برای شما چیزی هست.

today-goal = هدف شما: { $goal }
today-contact-this-week = { $name } می‌خواهد که در همین هفته با او تماس گرفته شود.
today-attendance-conflict = برای { $name } دو نشانی متفاوت ثبت شده است. لطفاً یکی را انتخاب کنید.
