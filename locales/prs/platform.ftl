# review: machine

platform-app-name = رفیق

platform-reminder = در رفیق چیزی برای شما هست.
platform-reminders = یادآوری‌ها
platform-reminders-about = این که وقت چیزی رسیده است. هرگز این که چه چیزی.
platform-reminders-why = رفیق می‌تواند آنچه را که برنامه‌ریزی کرده‌اید به یاد شما بیاورد. هر که یادآوری را ببیند، نمی‌فهمد که دربارهٔ چیست. آیا این را می‌خواهید؟
platform-yes = بلی، لطفاً
platform-not-now = حالا نه

platform-camera-why = با کامره می‌توانید کود دعوت را بخوانید. هیچ عکسی نگه داشته نمی‌شود.
platform-camera-aim = لطفاً کامره را روی کود بگیرید.
platform-camera-refused = بدون کامره می‌توانید متن دعوت را بچسبانید.

platform-no-app = در این تلیفون برنامه‌ای برای این کار نیست.
