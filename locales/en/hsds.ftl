# review: reviewed
# What was wrong with a row of an imported directory, for the person who keeps it.

hsds-problem-missing = It is required and not there
hsds-problem-wrong-type = This is not the kind of value that belongs here
hsds-problem-not-in-list = This is not one of the allowed values
hsds-problem-not-a-date = This is not a date
hsds-problem-not-a-time = This is not a time of day
hsds-problem-out-of-range = This number is too small or too large
hsds-problem-not-an-email = This is not an email address
hsds-problem-not-a-web-address = This is not a web address
hsds-problem-not-a-phone = This is not a telephone number
hsds-problem-not-a-language = This is not a language tag
hsds-problem-not-a-recurrence = This is not a rule for repeating
hsds-problem-not-utf8 = Some characters could not be read (not UTF-8)
hsds-problem-control-characters = Invisible control characters were left out
hsds-problem-too-long = The text was too long and was cut
hsds-problem-too-many = There were too many entries; the first ones were taken
hsds-problem-too-deep = It is nested too deeply
hsds-problem-too-large = It is too large
hsds-problem-not-json = It is not valid JSON
hsds-problem-cut-short = The file ends in the middle
hsds-problem-duplicate = Another entry has the same id and says something else
hsds-problem-unknown-reference = It names an entry that is not here
hsds-problem-unreadable = The file could not be opened
hsds-problem-no-services = There are no services in this file
