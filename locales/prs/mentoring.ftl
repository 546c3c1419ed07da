# review: machine

pairing-joined = شما و { $name } اکنون با هم در ارتباط هستید.
pairing-week = هفتهٔ { $week }
pairing-no-reason-needed = هر وقت می‌توانید نه بگویید یا بس کنید. لازم نیست دلیل بگویید.
goal-ask = می‌خواهید به چه برسید؟
goal-added = هدف نو: { $goal }
goal-open = در راه
goal-reached = به دست آمد
goal-set-aside = فعلاً کنار گذاشته شد
contact-kind-visit = دیدار
contact-kind-call = زنگ
contact-kind-message = پیام
contact-kind-accompaniment = همراهی
milestone-reached = یک قدم که شایستهٔ خوشی است: { $milestone }
milestone-reached-by = یک دستاورد نو از { $name }: { $milestone }
milestone-own-words = چیز دیگر، با گفتهٔ خودتان
