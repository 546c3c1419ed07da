# review: machine

pairing-joined = Тепер Ви і { $name } на зв’язку.
pairing-week = Тиждень { $week }
pairing-no-reason-needed = Ви можете відмовитися або зупинитися будь-коли. Пояснювати причину не потрібно.
goal-ask = Чого Ви хотіли б досягти?
goal-added = Нова мета: { $goal }
goal-open = У дорозі
goal-reached = Досягнуто
goal-set-aside = Відкладено
contact-kind-visit = Візит
contact-kind-call = Дзвінок
contact-kind-message = Повідомлення
contact-kind-accompaniment = Супровід
milestone-reached = Крок, який варто відсвяткувати: { $milestone }
milestone-reached-by = { $name } має новий успіх: { $milestone }
milestone-own-words = Щось інше, Вашими словами
