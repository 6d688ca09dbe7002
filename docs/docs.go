// Package docs holds the pages of the manual that the program itself shows.
package docs

import _ "embed"

// Rules are the rules of procedure, in Markdown.
//
//go:embed rules.md
var Rules string
