# review: reviewed
# What has been exchanged, and what is still waiting.

sync-never = Nothing has been exchanged yet.
sync-last = Last exchange: { $date }
sync-waiting =
    { $count ->
        [0] Nothing is waiting to be sent.
        [one] { $count } change is waiting for a connection.
       *[other] { $count } changes are waiting for a connection.
    }
sync-waiting-for-phone = Waiting for { $name }’s phone
sync-received =
    { $count ->
        [0] Nothing new.
        [one] { $count } change received
       *[other] { $count } changes received
    }
sync-sent =
    { $count ->
        [0] Nothing to send.
        [one] { $count } change sent
       *[other] { $count } changes sent
    }
sync-up-to-date = Everything is up to date.
sync-offline = No connection. You can go on working; everything is saved on this device.
sync-interrupted = The connection was cut. What arrived is kept, and the rest follows next time.
