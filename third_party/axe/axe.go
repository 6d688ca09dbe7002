// Package axe holds the accessibility checker that the tests of the pages run
// in a browser. It is imported by tests only and served to nobody; see
// third_party/README.md.
package axe

import _ "embed"

// Source is axe-core, minified.
//
//go:embed axe.min.js
var Source string
