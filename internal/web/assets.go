package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"parley/internal/ruling"
	"parley/third_party/fonts"
)

// The sheet is made of these files, in this order: fonts, tokens, ground,
// frame, words, parties, forms, then the pages, then paper.
var sheetParts = []string{
	"tokens.css", "ground.css", "frame.css", "words.css", "parties.css", "forms.css",
	"record.css", "meeting.css", "delegations.css", "rooms.css", "sheet.css", "projector.css",
	"board.css", "text.css", "print.css",
}

//go:embed css/*.css parley.js icon.svg
var ours embed.FS

// An asset is a file that pages load, under a name that changes with its content.
type asset struct {
	kind    string
	content []byte
}

// The files by name, and the addresses that pages load.
var (
	assetFiles = map[string]asset{}

	fontNames   = loadFonts()
	assetSheet  = loadSheet()
	assetScript = loadFile("parley.js", "text/javascript; charset=utf-8")
	assetIcon   = loadFile("icon.svg", "image/svg+xml")
)

// loadFonts returns each font's name as the sheet writes it, and as it is served.
func loadFonts() map[string]string {
	names := map[string]string{}
	files, err := fs.Glob(fonts.Files, "*.woff2")
	must(err)
	for _, f := range files {
		b, err := fonts.Files.ReadFile(f)
		must(err)
		names[f] = path.Base(keep(f, "font/woff2", b))
	}
	return names
}

func loadSheet() string {
	var css strings.Builder
	for _, part := range sheetParts {
		b, err := ours.ReadFile("css/" + part)
		must(err)
		css.Write(b)
	}
	sheet := css.String()
	for written, served := range fontNames {
		sheet = strings.ReplaceAll(sheet, "url("+written+")", "url("+served+")")
	}
	return keep("parley.css", "text/css; charset=utf-8", []byte(sheet))
}

func loadFile(name, kind string) string {
	b, err := ours.ReadFile(name)
	must(err)
	return keep(name, kind, b)
}

// must: what is embedded is there, or the program was not built.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// keep files an asset and returns its address.
func keep(name, kind string, content []byte) string {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	name = fmt.Sprintf("%s.%s%s", strings.TrimSuffix(name, ext), hex.EncodeToString(sum[:6]), ext)
	assetFiles[name] = asset{kind, content}
	return "/assets/" + name
}

// asset serves files that never change under their name, whoever asks.
func (h *house) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := assetFiles[r.PathValue("name")]
	if !ok {
		h.refuse(w, r, visit{}, ruling.Nothing())
		return
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.content)))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(a.content)
}
