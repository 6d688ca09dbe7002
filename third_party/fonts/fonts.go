// Package fonts holds the fonts of the pages, as their makers ship them. None
// of it is ours; see third_party/README.md.
package fonts

import "embed"

// Files are the fonts in WOFF2, each named family, script and style.
//
//go:embed *.woff2
var Files embed.FS
