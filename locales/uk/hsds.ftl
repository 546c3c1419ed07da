# review: machine

hsds-problem-missing = Це поле обов’язкове, але його немає
hsds-problem-wrong-type = Значення не того типу
hsds-problem-not-in-list = Такого значення немає у списку дозволених
hsds-problem-not-a-date = Це не дата
hsds-problem-not-a-time = Це не час доби
hsds-problem-out-of-range = Це число замале або завелике
hsds-problem-not-an-email = Це не електронна адреса
hsds-problem-not-a-web-address = Це не вебадреса
hsds-problem-not-a-phone = Це не номер телефону
hsds-problem-not-a-language = Це не код мови
hsds-problem-not-a-recurrence = Це не правило повторення
hsds-problem-not-utf8 = Деякі символи не вдалося прочитати (не UTF-8)
hsds-problem-control-characters = Невидимі керівні символи вилучено
hsds-problem-too-long = Текст задовгий, його скорочено
hsds-problem-too-many = Забагато записів; узято перші
hsds-problem-too-deep = Завелика вкладеність
hsds-problem-too-large = Завеликий обсяг
hsds-problem-not-json = Це не правильний JSON
hsds-problem-cut-short = Файл обривається посередині
hsds-problem-duplicate = Інший запис має той самий id, але інші дані
hsds-problem-unknown-reference = Посилається на запис, якого тут немає
hsds-problem-unreadable = Файл не вдалося відкрити
hsds-problem-no-services = У цьому файлі немає послуг
