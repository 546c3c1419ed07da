# review: machine

group-joined = شما اکنون عضو { $group } هستید.
group-members =
    { $count ->
        [one] { $count } عضو
       *[other] { $count } عضو
    }
session-next = جلسهٔ بعدی: { $date }
session-place = جای: { $place }
modality-in-person = حضوری
modality-remote = با تیلفون یا انترنت
modality-hybrid = حضوری، یا با تیلفون و انترنت
session-none = هنوز هیچ جلسه‌ای تعیین نشده است.
session-time-changed = وقت جلسه اکنون: { $date }
attendance-ask = کی آمد؟
attendance-came = آمد
attendance-late = ناوقت آمد
attendance-missed = نیامد
attendance-excused = از پیش خبر داد
attendance-count =
    { $count ->
        [0] هنوز حاضری هیچ کس نوشته نشده است.
        [one] { $count } نفر آمد.
       *[other] { $count } نفر آمدند.
    }
attendance-disputed =
    { $count ->
        [one] برای { $count } نفر دو نشانی متفاوت ثبت شده است.
       *[other] برای { $count } نفر دو نشانی متفاوت ثبت شده است.
    }
conflict-meeting-time = دو وقت برای جلسه نگه داشته شد، چون هر دو بدون ارتباط نوشته شده‌اند. لطفاً یکی را انتخاب کنید.
conflict-meeting-choice = { $date }، نوشتهٔ { $name }
conflict-stands = فعلاً همین است
conflict-resolved = تشکر. وقت جلسه: { $date }
