package org.rafiq.app.platform

import android.content.ClipData
import android.content.ClipboardManager
import android.content.Context
import android.os.Build
import android.os.Handler
import android.os.Looper
import android.os.PersistableBundle

/** The clipboard of this phone; one for as long as the process lives, longer than the window that something was copied in. */
class Clipboard(context: Context) {
    private val clipboard = context.applicationContext.getSystemService(ClipboardManager::class.java)
    private val later = Handler(Looper.getMainLooper())
    private val forget = Runnable {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) clipboard.clearPrimaryClip()
        else clipboard.setPrimaryClip(ClipData.newPlainText("", ""))
    }

    init {
        // Whatever somebody copies after it is theirs, and stays.
        clipboard.addPrimaryClipChangedListener { if (!isOurs) later.removeCallbacks(forget) }
    }

    /** An invitation is good for as long as it holds: no keyboard shows it, and it is forgotten after ten minutes. */
    fun copy(text: String) {
        val clip = ClipData.newPlainText(LABEL, text)
        // Its own name since Android 13, ignored before.
        clip.description.extras = PersistableBundle().apply { putBoolean(SENSITIVE, true) }
        clipboard.setPrimaryClip(clip)
        later.removeCallbacks(forget)
        later.postDelayed(forget, KEPT_MS)
    }

    private val isOurs: Boolean
        get() = clipboard.primaryClipDescription?.run { label == LABEL && extras?.getBoolean(SENSITIVE) == true } == true

    private companion object {
        /** Names no app. */
        const val LABEL = "link"
        const val SENSITIVE = "android.content.extra.IS_SENSITIVE"
        const val KEPT_MS = 10L * 60 * 1000
    }
}
