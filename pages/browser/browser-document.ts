/** What the server of `browse` gives at `/`: it names the page's two files, and `main.ts` makes all else. */
export const browserDocument = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Backups of Assets</title>
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body>
<div id="page"></div>
<noscript><p>This page needs JavaScript, which it loads from this computer alone. The terminal needs none: <code>npx assets-backup show latest</code>.</p></noscript>
</body>
</html>
`;
