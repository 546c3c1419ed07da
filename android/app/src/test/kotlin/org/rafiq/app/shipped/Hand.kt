package org.rafiq.app.shipped

import android.app.Activity
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.TextView
import org.robolectric.Shadows.shadowOf
import java.time.Duration

/** A finger and an eye on a window; knows nothing of the app but what is seen. */
internal class Hand(private val activity: Activity) {
    private val window = activity.window.decorView

    /** Waits until the window holds what is asked for. */
    fun <T : Any> wait(what: String, find: () -> T?): T {
        repeat(MOST_LOOKS) {
            settle()
            find()?.let { return it }
            Thread.sleep(10)
        }
        error("$what does not come; there is: " + texts().map { it.text })
    }

    /** Goes back step by step until there is something of this label. */
    @Suppress("DEPRECATION") // the gesture itself is the system's
    fun backTo(label: String): View {
        repeat(MOST_STEPS) {
            settle()
            labelled(label)?.let { return it }
            activity.onBackPressed()
        }
        return wait(label) { labelled(label) }
    }

    private fun settle() = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(100))

    fun texts(): List<TextView> = all(window).filterIsInstance<TextView>()

    fun begins(text: String): TextView? = texts().find { it.text.startsWith(text) }

    fun labelled(text: String): View? = all(window).find { it.contentDescription?.startsWith(text) == true }

    fun field(): EditText = wait("a field") { all(window).filterIsInstance<EditText>().firstOrNull() }

    fun words(text: String): TextView = wait(text) { texts().find { it.text.toString() == text } }

    /** Touches what holds these words, once it can be touched. */
    fun tap(text: String) = touch(wait(text) { texts().findLast { it.text.toString() == text && touched(it)?.isEnabled == true } })

    /** Touches a view, or what it stands in. */
    fun touch(view: View) {
        checkNotNull(touched(view)) { "it cannot be touched: $view" }.performClick()
    }

    private fun touched(view: View): View? {
        var touched: View? = view
        while (touched != null && !touched.hasOnClickListeners()) touched = touched.parent as? View
        return touched
    }

    private fun all(from: View): List<View> =
        if (from.visibility != View.VISIBLE) emptyList()
        else listOf(from) + if (from is ViewGroup) (0 until from.childCount).flatMap { all(from.getChildAt(it)) } else emptyList()

    private companion object {
        /** Far more than a slow machine needs. */
        const val MOST_LOOKS = 1000

        /** Deeper than any screen lies. */
        const val MOST_STEPS = 4
    }
}
