"""A QR code as SVG that a page may hold under a policy without inline styles. Pure."""

import qrcode

_MARGIN = 4  # Modules of light around it (ISO/IEC 18004, section 9.1).


def qr_svg(text: str, title: str) -> str:
    """`text` as black squares on white, whatever the colours of the page; `title` is escaped by the caller."""
    code = qrcode.QRCode(border=_MARGIN)
    code.add_data(text)
    rows = code.get_matrix()
    squares = "".join(
        f"M{column} {row}h1v1h-1z" for row, modules in enumerate(rows) for column, dark in enumerate(modules) if dark
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" role="img" viewBox="0 0 {size} {size}" width="240" '
        f'height="240"><title>{title}</title><rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path d="{squares}" fill="#000"/></svg>'
    )
