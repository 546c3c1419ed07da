package org.rafiq.app.platform

import android.os.SystemClock

/** Locks a profile with a passphrase after the app was away for a minute. The clock goes on while the phone sleeps and cannot be set. */
class QuickLock(private val patienceMs: Long = 60_000, private val clock: () -> Long = SystemClock::elapsedRealtime) {
    private var leftAt: Long? = null

    /** The app is no longer seen. */
    fun left() {
        leftAt = leftAt ?: clock()
    }

    /** The app is seen again: whether it is to be locked. */
    fun cameBack(): Boolean = (leftAt?.let { clock() - it >= patienceMs } ?: false).also { leftAt = null }
}
