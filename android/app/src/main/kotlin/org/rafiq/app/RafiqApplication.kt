package org.rafiq.app

import android.app.Application
import org.rafiq.app.platform.ExchangeJob
import org.rafiq.app.platform.Reminders
import org.rafiq.app.platform.Shell

/** The process: holds the one shell. */
class RafiqApplication : Application() {
    /** The app between the system and its presenters. Made when it is needed: a reminder needs none. */
    val shell: Shell by lazy(LazyThreadSafetyMode.NONE) { Shell(this) } // main thread only

    override fun onCreate() {
        super.onCreate()
        Reminders(this).name()
        ExchangeJob.ask(this)
    }
}
