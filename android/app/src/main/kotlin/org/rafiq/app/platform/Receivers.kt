package org.rafiq.app.platform

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import org.rafiq.app.RafiqApplication

/** The alarm of the next reminder. */
class ReminderReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent?) = Reminders(context).due()
}

/** The phone has started, the app is a newer one, or clock, zone or language are others: the alarm stands no more, or wrongly. */
class ClockReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent?) {
        if (intent?.action !in KNOWN) return // others may send what the manifest does not name
        Reminders(context).run {
            name()
            due()
        }
        ExchangeJob.ask(context)
        (context.applicationContext as? RafiqApplication)?.shell?.clockChanged()
    }

    private companion object {
        val KNOWN = setOf(
            Intent.ACTION_BOOT_COMPLETED, Intent.ACTION_MY_PACKAGE_REPLACED, Intent.ACTION_TIME_CHANGED, Intent.ACTION_TIMEZONE_CHANGED,
            Intent.ACTION_LOCALE_CHANGED,
        )
    }
}
