package org.rafiq.app.platform

import android.Manifest
import android.app.AlarmManager
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.content.SharedPreferences
import android.content.pm.PackageManager
import android.os.Build
import org.rafiq.RafiqException
import org.rafiq.app.MainActivity
import org.rafiq.app.R
import org.rafiq.presenters.Session

/**
 * Notifications for what is due. They say that something is, and never what: a locked phone lies on a table.
 *
 * Kept beside the profile are instants and the sentence, nothing else: so reminders come also after a restart, and while the profile is
 * locked. One alarm stands at a time, for the next of them.
 */
class Reminders(private val context: Context, private val nowMs: () -> Long = System::currentTimeMillis) {
    private val kept: SharedPreferences get() = context.getSharedPreferences("reminders", Context.MODE_PRIVATE)
    private val notifications = context.getSystemService(NotificationManager::class.java)
    private val alarms = context.getSystemService(AlarmManager::class.java)

    /** How they are called in the settings of the phone, in the phone's language. */
    fun name() {
        val channel = NotificationChannel(CHANNEL, context.getString(R.string.reminders), NotificationManager.IMPORTANCE_DEFAULT)
        channel.description = context.getString(R.string.reminders_about)
        channel.lockscreenVisibility = Notification.VISIBILITY_PRIVATE
        notifications.createNotificationChannel(channel)
    }

    /**
     * Puts up what is due and takes down what no longer is. True if there is something to be reminded of, and the phone does not let it
     * be shown.
     */
    suspend fun schedule(session: Session): Boolean {
        val (instants, text) = try {
            val wanted = session.rafiq.today.reminders(session.clock.nowMs(), HORIZON_MS, session.zone)
            wanted.map { it.atMs } to session.words.language.text(SENTENCE).text
        } catch (_: RafiqException) {
            return false // closed meanwhile: what was put up before stays
        }
        keep(instants, text)
        putUp()
        return instants.isNotEmpty() && !mayShow()
    }

    /** Sets the alarm for the next one; for the system forgets it when it starts, and when its clock is set. */
    fun putUp() {
        val next = instants().filter { it > nowMs() }.minOrNull()
        if (next == null) alarms.cancel(alarm()) else alarms.setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, next, alarm())
    }

    /** The alarm has gone off, or might have while the phone was switched off: says so if something is due, once. */
    fun due() {
        val (due, later) = instants().partition { it <= nowMs() }
        if (due.isNotEmpty()) {
            show(kept.getString(TEXT, null).orEmpty())
            keep(later, kept.getString(TEXT, null).orEmpty())
        }
        putUp()
    }

    /** The profile is gone: nothing is due. */
    fun forget() {
        kept.edit().clear().apply()
        alarms.cancel(alarm())
        notifications.cancel(NOTIFICATION)
    }

    private fun mayShow() =
        Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU ||
            context.checkSelfPermission(Manifest.permission.POST_NOTIFICATIONS) == PackageManager.PERMISSION_GRANTED

    private fun show(text: String) {
        val opens = PendingIntent.getActivity(context, 0, Intent(context, MainActivity::class.java), PendingIntent.FLAG_IMMUTABLE)
        notifications.notify(
            NOTIFICATION,
            Notification.Builder(context, CHANNEL).setSmallIcon(R.drawable.ic_notification).setContentText(text).setContentIntent(opens)
                .setAutoCancel(true).setVisibility(Notification.VISIBILITY_PRIVATE).build(),
        )
    }

    private fun alarm(): PendingIntent =
        PendingIntent.getBroadcast(context, 0, Intent(context, ReminderReceiver::class.java), PendingIntent.FLAG_IMMUTABLE)

    private fun instants(): List<Long> = kept.getString(INSTANTS, null).orEmpty().split(' ').mapNotNull { it.toLongOrNull() }

    private fun keep(instants: List<Long>, text: String) =
        kept.edit().putString(INSTANTS, instants.joinToString(" ")).putString(TEXT, text).apply()

    private companion object {
        /** How far ahead they are put up; the library names the soonest 60. */
        const val HORIZON_MS = 14L * 24 * 60 * 60 * 1000
        const val SENTENCE = "platform-reminder"
        const val CHANNEL = "reminders"
        const val NOTIFICATION = 1
        const val INSTANTS = "instants"
        const val TEXT = "text"
    }
}
