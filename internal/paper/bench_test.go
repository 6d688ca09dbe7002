package paper_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"parley/internal/paper"
	"parley/internal/text"
)

// long is a text of sixty pages with a thousand brackets.
func long() *text.Text {
	var b strings.Builder
	b.WriteString("# Treaty made for measuring\n\n")
	for i := range 300 {
		if i%5 == 0 {
			fmt.Fprintf(&b, "Article %d. Of matter %d\n\n", i/5+1, i/5+1)
		}
		fmt.Fprintf(&b, "%d. The Parties%s shall", i%5+1, strings.Repeat(" keep each other informed of every measure that may affect the level", 7))
		for range 10 / 3 {
			b.WriteString(" [RU: forthwith][UA: without delay (-RU)] inform")
		}
		b.WriteString(" the other.\n\n")
	}
	return text.Parse(b.String(), nil).Text
}

func BenchmarkWrite(b *testing.B) {
	x := long()
	for _, f := range []paper.Format{paper.DOCX, paper.PDF, paper.AKN, paper.Markdown, paper.CSV} {
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				data, err := paper.Writer{}.Bytes(x, f)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(data)))
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	x := long()
	for _, f := range []paper.Format{paper.DOCX, paper.AKN} {
		data, err := paper.Writer{}.Bytes(x, f)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				if _, err := (paper.Reader{}).Read(bytes.NewReader(data), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
