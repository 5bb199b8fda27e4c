"""A page that tries everything: to run, to load, to go elsewhere, to call home."""

OUTSIDE = "http://elsewhere.example"

HOSTILE = f"""<!doctype html><html><head><title>Progetti</title>
<base href="{OUTSIDE}/base/">
<meta http-equiv="refresh" content="0;url={OUTSIDE}/refresh">
<link rel="preconnect" href="{OUTSIDE}"><LINK rel=dns-prefetch href="//elsewhere.example"><link
 rel="stylesheet" href="{OUTSIDE}/style.css"><link/rel="prefetch"/href="{OUTSIDE}/prefetch">
<style>@import "{OUTSIDE}/import.css"; body {{ background: url({OUTSIDE}/ground.png) }}
@font-face {{ font-family: f; src: url({OUTSIDE}/font.woff) }} p {{ font-family: f }}</style>
<script src="{OUTSIDE}/script.js"></script>
<script>document.title = "ran"; fetch("{OUTSIDE}/fetch"); top.location = "{OUTSIDE}/top"</script>
<script type="speculationrules">{{"prerender": [{{"urls": ["{OUTSIDE}/rules"]}}]}}</script>
</head><body onload="fetch('{OUTSIDE}/onload')">
<h1>Progetti in corso</h1><p id="out">Nulla è successo.</p>
<script>document.getElementById("out").textContent = "ran"</script>
<a href="javascript:fetch('{OUTSIDE}/link')">qui</a>
<img src="{OUTSIDE}/image.png" srcset="{OUTSIDE}/large.png 2x" onerror="document.body.textContent = 'ran'">
<svg onload="document.body.textContent = 'ran'"><script>document.body.textContent = "ran"</script>
<image href="{OUTSIDE}/svg.png" width="9" height="9"/><use href="{OUTSIDE}/use.svg#a"/></svg>
<iframe src="{OUTSIDE}/frame"></iframe><IFRAME srcdoc="&#60;link rel=preconnect href={OUTSIDE}>"></IFRAME>
<object data="{OUTSIDE}/object"></object><embed src="{OUTSIDE}/embed"><frame src="{OUTSIDE}/inner">
<video autoplay poster="{OUTSIDE}/poster.png" src="{OUTSIDE}/film.mp4"></video>
<form action="{OUTSIDE}/form"><input autofocus onfocus="form.submit()"></form>
<img alt="in linea" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==">
</body></html>"""
"""Only its text, its own style and the picture within it may be seen."""
