/** The page without its contents, which its script makes. */
export const pageDocument = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Backups of Assets</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body>
<div id="page"><noscript>This page needs JavaScript, which this machine serves by itself. Without it, read backups by
<code>assets-backup show</code>, <code>ls</code>, <code>find</code> and <code>diff</code>.</noscript></div>
</body>
</html>
`;

/** Three shelves. */
export const pageIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#2563eb" d="M2 2h12v3H2zM2 6.5h12v3H2zM2 11h12v3H2z"/></svg>`;
