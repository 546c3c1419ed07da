# review: machine

pairing-joined = أصبح بينك وبين { $name } تواصل الآن.
pairing-week = الأسبوع { $week }
pairing-no-reason-needed = يمكنك الرفض أو التوقف في أي وقت، من دون ذكر السبب.
goal-ask = ما الذي تودّ الوصول إليه؟
goal-added = هدف جديد: { $goal }
goal-open = في الطريق
goal-reached = تحقّق
goal-set-aside = مؤجّل
contact-kind-visit = زيارة
contact-kind-call = مكالمة
contact-kind-message = رسالة
contact-kind-accompaniment = مرافقة
milestone-reached = خطوة تستحق الاحتفال: { $milestone }
milestone-reached-by = إنجاز جديد، { $name }: { $milestone }
milestone-own-words = شيء آخر، بكلماتك أنت
