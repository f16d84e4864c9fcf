"""What mail programs, chats and people make of a link: each a function from the link to the text that arrives."""

from __future__ import annotations

import base64
import html
import textwrap
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode


def behind(address: str, name: str = "url", **others: str) -> Callable[[str], str]:
    """A redirect: the link as a value of another one's query."""
    return lambda link: f"{address}?{urlencode({name: link} | others)}"


def url_defense_2(link: str) -> str:
    """Proofpoint's version 2: per cent signs are minus signs, slashes underscores."""
    encoded = quote(link, safe="/:").replace("-", "%2D").replace("_", "%5F").replace("/", "_").replace("%", "-")
    return f"https://urldefense.proofpoint.com/v2/url?u={encoded.replace(':', '-3A')}&d=DwMFAg&c=abc&r=def&s=ghi&e="


def url_defense_3(link: str) -> str:
    """Proofpoint's version 3: special signs are stars, and stand in base64 behind the link."""
    special = "".join(sign for sign in link if sign in "#?%*")
    starred = "".join("*" if sign in "#?%*" else sign for sign in link)
    signs = base64.urlsafe_b64encode(special.encode()).decode().rstrip("=")
    return f"https://urldefense.com/v3/__{starred}__;{signs}!!AbC!xyz$"


def quoted_printable(link: str) -> str:
    """A mail's source: equals signs are encoded, lines are 60 signs long."""
    text = link.replace("=", "=3D")
    lines = []
    while len(text) > 60:
        end = 60 - (text[58:60].find("=") >= 0) * 3
        lines.append(text[:end])
        text = text[end:]
    return "=\n".join([*lines, text])


WRAPPERS: dict[str, Callable[[str], str]] = {
    "as it is": lambda link: link,
    "blanks around": lambda link: f"\n  {link} \t\n",
    "signs of no width": lambda link: f"\ufeff{link}\u200b",
    "full stop": lambda link: link + ".",
    "comma": lambda link: link + ",",
    "bracket": lambda link: f"({link})",
    "bracket and full stop": lambda link: f"({link}).",
    "angle brackets": lambda link: f"<{link}>",
    "quotes": lambda link: f'"{link}"',
    "apostrophes": lambda link: f"'{link}'",
    "German quotes": lambda link: f"„{link}“",
    "French quotes": lambda link: f"« {link} »",
    "backticks": lambda link: f"`{link}`",
    "stars": lambda link: f"**{link}**",
    "in a sentence": lambda link: f"Look at {link} and tell me.",
    "on a line of its own": lambda link: f"Look at this:\n\n{link}\n\nBest wishes",
    "URL:": lambda link: f"<URL:{link}>",
    "view-source": lambda link: f"view-source:{link}",
    "Markdown": lambda link: f"[a playground]({link})",
    "HTML": lambda link: f'<a href="{html.escape(link)}">a playground</a>',
    "iframe": lambda link: f'<iframe src="{html.escape(link)}" width="1000" height="760" style="border: 0"></iframe>',
    "BBCode": lambda link: f"[url={link}]a playground[/url]",
    "Slack's text": lambda link: f"<{html.escape(link)}|a playground>",
    "entities": html.escape,
    "entities twice": lambda link: html.escape(html.escape(link)),
    "numeric entities": lambda link: link.replace("&", "&#38;").replace("=", "&#x3D;"),
    "JSON": lambda link: link.replace("/", "\\/").replace("&", "\\u0026").replace("=", "\\u003d"),
    "Markdown's backslashes": lambda link: link.replace("_", "\\_").replace("&", "\\&"),
    "encoded": lambda link: quote(link, safe=""),
    "encoded with plus": quote_plus,
    "encoded twice": lambda link: quote(quote(link, safe=""), safe=""),
    "# encoded": lambda link: link.replace("#", "%23"),
    "? encoded": lambda link: link.replace("?", "%3F"),
    "settings encoded": lambda link: link.replace("&", "%26").replace("=", "%3D"),
    "values encoded again": lambda link: link.replace("%", "%25").replace(",", "%2C"),
    "soft wrapped": lambda link: "\n".join(textwrap.wrap(link, 40, break_long_words=True, break_on_hyphens=False)),
    "wrapped in CRLF": lambda link: "\r\n".join(textwrap.wrap(link, 40, break_long_words=True, break_on_hyphens=False)),
    "a quoted mail": lambda link: "\n> ".join(textwrap.wrap(link, 40, break_long_words=True, break_on_hyphens=False)),
    "a mail's source": quoted_printable,
    "wide signs": lambda link: link.replace("?", "？").replace("=", "＝").replace("&", "＆").replace("#", "＃"),
    "Safe Links": behind(
        "https://nam02.safelinks.protection.outlook.com/", data="05|02|me@example.org|1|0|63", sdata="x=", reserved="0"
    ),
    "Google": behind("https://www.google.com/url", "q", sa="D", source="editors", usg="AOvVaw0"),
    "Google, link first": lambda link: f"https://www.google.com/url?sa=t&url={quote(link, safe='')}&usg=AOv",
    "Facebook": behind("https://l.facebook.com/l.php", "u", h="AT0xyz"),
    "Facebook's click": lambda link: (
        link.replace("?", "?fbclid=IwAR0&") if "?" in link else link.replace("#", "?fbclid=Iw#")
    ),
    "campaign": lambda link: link.replace("?", "?utm_source=mail&utm_medium=x&") if "?" in link else link,
    "Slack": behind("https://slack-redir.net/link"),
    "LinkedIn": behind("https://www.linkedin.com/safety/go", trk="x"),
    "VK": behind("https://vk.com/away.php", "to", cc_key=""),
    "Steam": behind("https://steamcommunity.com/linkfilter/", "u"),
    "YouTube": behind("https://www.youtube.com/redirect", "q", event="video_description", redir_token="QUFF"),
    "DuckDuckGo": behind("https://duckduckgo.com/l/", "uddg", rut="8f"),
    "Yahoo": lambda link: f"https://r.search.yahoo.com/_ylt=Aw/RV=2/RE=17/RO=10/RU={quote(link, safe='')}/RK=2/RS=x-",
    "Cisco": lambda link: f"https://secure-web.cisco.com/1x_Yz-8/{quote(link, safe='')}",
    "Barracuda": behind("https://linkprotect.cudasvc.com/url", "a", c="E,1,x", typo="1"),
    "Trend Micro": behind("https://ca.trendmicro.com:443/wis/clicktime/v1/query", umid="1", auth="2"),
    "Sophos": lambda link: (
        f"https://eu-west-1.protection.sophos.com?d=example.org&u={base64.b64encode(link.encode()).decode()}&i=NWY&h=0"
    ),
    "URL Defense 1": behind("https://urldefense.proofpoint.com/v1/url", "u", k="x"),
    "URL Defense 2": url_defense_2,
    "URL Defense 3": url_defense_3,
    "Safe Links in Safe Links": lambda link: behind("https://a.safelinks.protection.outlook.com/")(
        behind("https://b.safelinks.protection.outlook.com/")(link)
    ),
    "Safe Links in HTML in a sentence": lambda link: (
        "See <" + html.escape(behind("https://a.safelinks.protection.outlook.com/", data="x")(link)) + ">."
    ),
    "Internet Archive": lambda link: f"https://web.archive.org/web/2024/{link}",
    "sharing button": behind("https://www.facebook.com/sharer/sharer.php", "u"),
    "a tweet": lambda link: f"https://twitter.com/intent/tweet?{urlencode({'text': 'Look: ' + link + ' !'})}",
    "a mail to be written": lambda link: f"mailto:?subject=Look&body={quote('Look: ' + link)}",
}
