# review: machine

sync-never = لم يحدث أي تبادل بعد.
sync-last = آخر تبادل: { $date }
sync-waiting =
    { $count ->
        [zero] لا شيء بانتظار الإرسال.
        [one] تغيير واحد بانتظار الاتصال.
        [two] تغييران بانتظار الاتصال.
        [few] { $count } تغييرات بانتظار الاتصال.
        [many] { $count } تغييرًا بانتظار الاتصال.
       *[other] { $count } تغيير بانتظار الاتصال.
    }
sync-waiting-for-phone = بانتظار هاتف { $name }
sync-received =
    { $count ->
        [zero] لا جديد.
        [one] وصل تغيير واحد
        [two] وصل تغييران
        [few] وصلت { $count } تغييرات
        [many] وصل { $count } تغييرًا
       *[other] وصل { $count } تغيير
    }
sync-sent =
    { $count ->
        [zero] لا شيء لإرساله.
        [one] أُرسل تغيير واحد
        [two] أُرسل تغييران
        [few] أُرسلت { $count } تغييرات
        [many] أُرسل { $count } تغييرًا
       *[other] أُرسل { $count } تغيير
    }
sync-up-to-date = كل شيء محدَّث.
sync-offline = لا يوجد اتصال. يمكنك متابعة العمل؛ كل شيء محفوظ على هذا الجهاز.
sync-interrupted = انقطع الاتصال. ما وصل محفوظ، والباقي يصل في المرة القادمة.
