package plot

import "sync"

// Colours by the names of the house sheet's tokens, on light paper and on dark.
var light = map[string]string{
	"paper": "#fbfaf7", "ink": "#1d1c1a", "ink-2": "#56524a", "hair": "#dcd7cb", "rule": "#857f72", "accent": "#1c4d38", "on-accent": "#fbfaf7",
}

var dark = map[string]string{
	"paper": "#181715", "ink": "#ece8df", "ink-2": "#b3ada0", "hair": "#38352f", "rule": "#827b6e", "accent": "#93c7a8", "on-accent": "#10231a",
}

// look is how a class is painted. The classes are those of the house sheet (.plot .front and so on), so that an inline
// figure follows the page's tokens; the same values go into the file as presentation attributes, which any sheet overrides.
type look struct {
	class        string
	fill, stroke string // tokens; "" is none
	width        float64
	dash         []float64
	opacity      float64 // 0 means 1
	text         bool
	serif, bold  bool
	size         float64 // of text in the wide layout, CSS pixels
	halo         bool    // text is set off from what lies beneath it by a line of paper
}

// looks lists every class there is, in the order of the sheet.
var looks = []look{
	{class: "ground", fill: "paper"},
	{class: "hatchline", stroke: "ink-2", width: 1, opacity: 0.28},
	{class: "grid", stroke: "hair", width: 1},
	{class: "all", fill: "rule", opacity: 0.65},
	{class: "axis", stroke: "ink", width: 1},
	{class: "resv", stroke: "ink-2", width: 1, dash: []float64{5, 4}},
	{class: "front", stroke: "accent", width: 1.25, opacity: 0.7},
	{class: "faint", stroke: "accent", width: 1, opacity: 0.22},
	{class: "pt", fill: "paper", stroke: "accent", width: 1.4},
	{class: "lead", stroke: "ink-2", width: 0.75},
	{class: "ink", stroke: "ink", width: 1.5},
	{class: "draft", fill: "paper", stroke: "ink", width: 1.75},
	{class: "sugg", fill: "accent"},
	{class: "lone", fill: "ink"},
	{class: "knot", fill: "paper", stroke: "ink", width: 1.5},
	{class: "line-1", stroke: "ink", width: 1.75},
	{class: "line-2", stroke: "ink", width: 1.75, dash: []float64{9, 4}},
	{class: "line-3", stroke: "ink", width: 1.75, dash: []float64{2, 3.5}},
	{class: "line-4", stroke: "ink", width: 1.75, dash: []float64{10, 3, 2, 3}},
	{class: "line-5", stroke: "ink", width: 1.75, dash: []float64{5, 2.5}},
	{class: "line-6", stroke: "ink", width: 1.75, dash: []float64{14, 3, 2, 3, 2, 3}},
	{class: "frame", stroke: "ink-2", width: 1},
	{class: "soft", fill: "ink-2", text: true, size: 13, halo: true},
	{class: "plain", fill: "ink", text: true, size: 13, halo: true},
	{class: "name", fill: "ink", text: true, serif: true, size: 17, halo: true},
	{class: "sn", fill: "on-accent", text: true, bold: true, size: 12},
	{class: "on", fill: "on-accent", text: true, size: 13},
}

var lookOf = sync.OnceValue(func() map[string]look {
	m := make(map[string]look, len(looks))
	for _, l := range looks {
		m[l.class] = l
	}
	return m
})

// faceOf is the face of a class of text on this sheet: names are set smaller where the sheet is narrow.
func (d *Drawing) faceOf(class string) face {
	l := lookOf()[class]
	size := l.size
	if d.opt.narrow() && l.serif {
		size = 15
	}
	return face{serif: l.serif, bold: l.bold, size: size}
}
