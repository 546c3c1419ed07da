package org.rafiq.app.look

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Path
import android.view.View

/** The pictograms, drawn by hand on a square of 24. Each stands beside words, or has a label that a screen reader says. */
enum class Pictogram(internal val draw: Pen.() -> Unit) {
    /** The sun over the horizon. */
    TODAY({
        line(3f, 18f, 21f, 18f)
        curve(6.5f, 18f, 6.5f, 12f, 12f, 12f)
        curve(12f, 12f, 17.5f, 12f, 17.5f, 18f)
        line(12f, 5f, 12f, 8f)
        line(4.6f, 9.4f, 6.8f, 11.2f)
        line(19.4f, 9.4f, 17.2f, 11.2f)
    }),
    CHECK_IN({
        circle(12f, 12f, 9f)
        circle(9f, 10f, 0.6f)
        circle(15f, 10f, 0.6f)
        curve(8f, 14.4f, 12f, 17.6f, 16f, 14.4f)
    }),
    TOGETHER({
        circle(8.5f, 8.5f, 3.2f)
        circle(16.4f, 9.6f, 2.5f)
        curve(2.8f, 19f, 3.4f, 13.8f, 8.5f, 13.8f)
        curve(8.5f, 13.8f, 13.6f, 13.8f, 14.2f, 19f)
        curve(16.4f, 14.2f, 20.6f, 14.2f, 21.2f, 18.6f)
    }),
    /** An open book. */
    DIRECTORY({
        curve(12f, 7f, 8f, 4.4f, 3f, 5.4f)
        line(3f, 5.4f, 3f, 18.4f)
        curve(3f, 18.4f, 8f, 17.4f, 12f, 20f)
        curve(12f, 20f, 16f, 17.4f, 21f, 18.4f)
        line(21f, 18.4f, 21f, 5.4f)
        curve(21f, 5.4f, 16f, 4.4f, 12f, 7f)
        line(12f, 7f, 12f, 20f)
    }),
    BACK({
        line(14.5f, 5f, 8f, 12f, 14.5f, 19f)
    }),
    FORWARD({
        line(9.5f, 6f, 15f, 12f, 9.5f, 18f)
    }),
    CLOSE({
        line(6f, 6f, 18f, 18f)
        line(18f, 6f, 6f, 18f)
    }),
    MORE({
        line(5f, 9.5f, 12f, 16f, 19f, 9.5f)
    }),
    ADD({
        line(12f, 5f, 12f, 19f)
        line(5f, 12f, 19f, 12f)
    }),
    DONE({
        line(5f, 12.5f, 10f, 17.5f, 19.5f, 7f)
    }),
    CHOSEN({
        circle(12f, 12f, 9f)
        line(7.8f, 12.4f, 11f, 15.4f, 16.4f, 9f)
    }),
    /** To be ticked, where several can be chosen. */
    BOX({
        box(4f, 4f, 16f, 16f, 3.5f)
    }),
    TICKED({
        box(4f, 4f, 16f, 16f, 3.5f)
        line(7.8f, 12.4f, 11f, 15.4f, 16.4f, 9f)
    }),
    PERSON({
        circle(12f, 8f, 4f)
        curve(4f, 20.5f, 4.8f, 14.5f, 12f, 14.5f)
        curve(12f, 14.5f, 19.2f, 14.5f, 20f, 20.5f)
    }),
    LOCK({
        box(5f, 10.5f, 14f, 10f, 2.5f)
        curve(8f, 10.5f, 8f, 4f, 12f, 4f)
        curve(12f, 4f, 16f, 4f, 16f, 10.5f)
    }),
    /** One there, one here. */
    EXCHANGE({
        line(4f, 8.5f, 20f, 8.5f)
        line(16f, 4.5f, 20f, 8.5f)
        line(20f, 15.5f, 4f, 15.5f)
        line(8f, 19.5f, 4f, 15.5f)
    }),
    PHONE({
        box(7f, 2.5f, 10f, 19f, 2.2f)
        line(11f, 18.2f, 13f, 18.2f)
    }),
    SEARCH({
        circle(10.5f, 10.5f, 6f)
        line(15f, 15f, 20f, 20f)
    }),
    CODE({
        box(4f, 4f, 6f, 6f, 1f)
        box(14f, 4f, 6f, 6f, 1f)
        box(4f, 14f, 6f, 6f, 1f)
        line(14f, 14f, 17f, 14f)
        line(20f, 14f, 20f, 17f)
        line(14f, 17.5f, 14f, 20f)
        line(17.5f, 20f, 20f, 20f)
    }),
    PLACE({
        circle(12f, 9.5f, 2.4f)
        curve(12f, 21f, 5f, 14.5f, 5f, 9.5f)
        curve(5f, 9.5f, 5.4f, 3f, 12f, 3f)
        curve(12f, 3f, 18.6f, 3f, 19f, 9.5f)
        curve(19f, 9.5f, 19f, 14.5f, 12f, 21f)
    }),
    CLOCK({
        circle(12f, 12f, 9f)
        line(12f, 6.8f, 12f, 12f, 15.4f, 14f)
    }),
    /** Something to carry: help with what is done by hand. */
    BAG({
        box(4.5f, 8.5f, 15f, 12f, 2.2f)
        curve(8.5f, 11.5f, 8.5f, 3.5f, 12f, 3.5f)
        curve(12f, 3.5f, 15.5f, 3.5f, 15.5f, 11.5f)
    }),
    HEART({
        curve(12f, 20f, 2.6f, 13.6f, 3.4f, 8.6f)
        curve(3.4f, 8.6f, 6.8f, 2.6f, 12f, 7.6f)
        curve(12f, 7.6f, 17.2f, 2.6f, 20.6f, 8.6f)
        curve(20.6f, 8.6f, 21.4f, 13.6f, 12f, 20f)
    }),
    ALERT({
        circle(12f, 12f, 9f)
        line(12f, 7f, 12f, 13f)
        circle(12f, 16.6f, 0.5f)
    });

    /** It points along the line, so it turns around where lines run from right to left. */
    val isDirected: Boolean get() = this == BACK || this == FORWARD
}

/** Draws on a square of 24. */
internal class Pen {
    /** What has been drawn. */
    val path = Path()

    fun line(vararg points: Float) {
        path.moveTo(points[0], points[1])
        for (at in 2 until points.size step 2) path.lineTo(points[at], points[at + 1])
    }

    fun curve(startX: Float, startY: Float, controlX: Float, controlY: Float, endX: Float, endY: Float) {
        path.moveTo(startX, startY)
        path.quadTo(controlX, controlY, endX, endY)
    }

    fun circle(x: Float, y: Float, radius: Float) = path.addCircle(x, y, radius, Path.Direction.CW)

    fun box(x: Float, y: Float, width: Float, height: Float, round: Float) =
        path.addRoundRect(x, y, x + width, y + height, round, round, Path.Direction.CW)

    fun eyes() {
        circle(8.4f, 10.2f, 0.7f)
        circle(15.6f, 10.2f, 0.7f)
    }

    companion object {
        const val SQUARE = 24f

        /** For lines of a width, in units of the square. */
        fun ink(colour: Int, width: Float) = Paint(Paint.ANTI_ALIAS_FLAG).apply {
            color = colour
            style = Paint.Style.STROKE
            strokeWidth = width
            strokeCap = Paint.Cap.ROUND
            strokeJoin = Paint.Join.ROUND
        }
    }
}

/** A drawing of one size. It says nothing to a screen reader: what stands beside it does. */
abstract class Drawing(context: Context, private val size: Int) : View(context) {
    init {
        importantForAccessibility = IMPORTANT_FOR_ACCESSIBILITY_NO
    }

    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) = setMeasuredDimension(size, size)
}

private class PictogramView(look: Look, private val pictogram: Pictogram, shade: Shade, private val size: Int) :
    Drawing(look.context, size) {
    private val path = Pen().apply(pictogram.draw).path
    private val ink = Pen.ink(look.colour(shade), 2f)

    override fun onDraw(canvas: Canvas) {
        if (pictogram.isDirected && layoutDirection == LAYOUT_DIRECTION_RTL) canvas.scale(-1f, 1f, size / 2f, size / 2f)
        canvas.scale(size / Pen.SQUARE, size / Pen.SQUARE)
        canvas.drawPath(path, ink)
    }
}

/** A pictogram, as large as the words beside it: [size] in sp. */
fun Look.pictogram(pictogram: Pictogram, shade: Shade = Palette.teal, size: Int = 24): View =
    PictogramView(this, pictogram, shade, sp(size))
