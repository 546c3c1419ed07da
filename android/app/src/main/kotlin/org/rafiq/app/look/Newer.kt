package org.rafiq.app.look

import android.graphics.Rect
import android.graphics.Typeface
import android.os.Build
import android.view.View
import android.view.ViewGroup
import android.view.WindowInsets

/** What only newer Androids can do. On older ones a screen does without. */
internal object Newer {
    /** A screen reader finds it as a heading. */
    fun heading(view: View) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) view.isAccessibilityHeading = true
    }

    /** A screen reader says what is in it in one breath. */
    fun together(view: ViewGroup) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) view.isScreenReaderFocusable = true
    }

    /** A screen reader says the name of a screen that has just come. */
    fun named(view: View, title: String) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P && title.isNotEmpty()) view.accessibilityPaneTitle = title
    }

    /** The system's letters in a weight; the nearest there is. */
    fun typeface(weight: Int): Typeface = when {
        Build.VERSION.SDK_INT >= Build.VERSION_CODES.P -> Typeface.create(Typeface.DEFAULT, weight, false)
        weight >= 600 -> Typeface.DEFAULT_BOLD
        else -> Typeface.DEFAULT
    }

    /** What bars, keyboard and cut-outs take of the window. */
    @Suppress("DEPRECATION") // what older Androids have
    fun taken(insets: WindowInsets): Rect {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.R) {
            return with(insets) { Rect(systemWindowInsetLeft, systemWindowInsetTop, systemWindowInsetRight, systemWindowInsetBottom) }
        }
        val all = WindowInsets.Type.systemBars() or WindowInsets.Type.ime() or WindowInsets.Type.displayCutout()
        return insets.getInsets(all).let { Rect(it.left, it.top, it.right, it.bottom) }
    }
}
