package org.rafiq.app.look

import android.graphics.Canvas
import android.graphics.Paint
import android.view.View
import com.google.zxing.BarcodeFormat
import com.google.zxing.EncodeHintType
import com.google.zxing.WriterException
import com.google.zxing.common.BitMatrix
import com.google.zxing.qrcode.QRCodeWriter
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel

/** A QR code, dark on white by day and by night, for another phone's camera. Null for a text too long to be one. */
fun Look.qrCode(text: String, label: String): View? {
    val hints = mapOf(EncodeHintType.ERROR_CORRECTION to ErrorCorrectionLevel.M, EncodeHintType.MARGIN to 0)
    val code = try {
        QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0, hints)
    } catch (_: WriterException) {
        return null // it can still be sent
    }
    return QrCode(this, code).apply { contentDescription = label }
}

private class QrCode(private val look: Look, private val code: BitMatrix) : View(look.context) {
    private val ink = Paint().apply { color = BLACK }

    init {
        background = look.ground(Palette.white, round = ROUNDED)
        room(look, Space.LARGE, Space.LARGE)
    }

    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        // Whole in the window, with what stands above and below it in letters of this size; never too small for a camera.
        val settings = look.context.resources.configuration
        val room = maxOf(look.dp(LEAST), look.dp(settings.screenHeightDp) - look.sp(BESIDE))
        val size = minOf(MeasureSpec.getSize(widthMeasureSpec), look.dp(WIDEST), room)
        setMeasuredDimension(size, size)
    }

    override fun onDraw(canvas: Canvas) {
        // Whole pixels: a camera reads even squares best.
        val module = maxOf(1, (width - paddingLeft - paddingRight) / code.width)
        val (left, top) = (width - module * code.width) / 2f to (height - module * code.height) / 2f
        for (y in 0 until code.height) for (x in 0 until code.width) if (code.get(x, y)) {
            canvas.drawRect(left + x * module, top + y * module, left + (x + 1) * module, top + (y + 1) * module, ink)
        }
    }

    private companion object {
        const val BLACK = 0xFF shl 24
        const val WIDEST = 340

        /** Four dp for each square of an invitation. */
        const val LEAST = 232

        /** The heading and the main action, at the usual size of letters. */
        const val BESIDE = 190
    }
}
