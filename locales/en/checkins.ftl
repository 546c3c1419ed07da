# review: reviewed
# A check-in: three taps. Message ids are also the keys of recordings.

check-in-title = How are you?
check-in-ask-feeling = How is it going?
check-in-ask-help = What would help?
check-in-ask-contact = Shall someone contact you?
check-in-ask-share = Who may see this?
check-in-ask-note = Would you like to add something?

# Five faces. The description is read aloud by screen readers.
feeling-1 = Very hard
    .description = A face in tears
feeling-2 = Hard
    .description = A sad face
feeling-3 = So-so
    .description = A calm face
feeling-4 = Good
    .description = A smiling face
feeling-5 = Very good
    .description = A laughing face

help-emotional = Someone who listens
help-practical = Help with something practical
help-companionship = Company
help-information = Information

# The attribute tells others, who have not seen the question.
contact-no = No, thank you
    .told = Would like to be contacted: no
contact-this-week = Yes, this week
    .told = Would like to be contacted: this week
contact-today = Yes, today
    .told = Would like to be contacted: today

share-private = Only me

check-in-kept-private = Saved. It is shared with nobody.
check-in-kept-shared = Saved. { $name } will see it after the next exchange.
check-in-contact-today-noted = Saved. As soon as there is a connection, { $name } will be told first.
words-not-here-yet = What was written here has not come yet.
words-erased = What was written here has been erased.
check-in-if-danger = If you are in danger, please do not wait for an answer: call the emergency number.
