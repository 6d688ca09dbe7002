package paper_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/paper"
)

// pdfText returns what pdftotext finds in a PDF, without the controls that it
// puts around words from right to left.
func pdfText(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-enc", "UTF-8", path, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v\n%s", err, out)
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, string(out))
}

// Whoever copies words out of a PDF gets them as they are spelt.
func TestPDFSaysItsWords(t *testing.T) {
	needs(t, "pdftotext")
	x := parse(t, lake+`
المادة 4. يغلق الطرفان البحيرة

1. الأولى والسلام على الأطراف الثلاثة في 15 مايو

2. İğüşçöı ŞĞÜİ. Щодо ґанку, їжі та є. Ёлки, подъезд. čšž łőű.
`)
	data, err := paper.Writer{}.Bytes(x, paper.PDF)
	if err != nil {
		t.Fatal(err)
	}
	got := pdfText(t, data)
	for _, want := range []string{
		"Treaty on the Lake", "[RU: recalling][UA: mindful of] the talks in İstanbul,", "Article 1. Of the [closed / open] season",
		"Option 1: RU: гарантії безпеки [a][b]", "об'єднання территорий", "km/h [sic] and [a/b]",
		"İğüşçöı ŞĞÜİ. Щодо ґанку, їжі та є. Ёлки, подъезд. čšž łőű.",
		"يغلق الطرفان البحيرة", "الأولى والسلام على الأطراف الثلاثة", "15", "مايو", "المادة",
		"RU: scrutiny reserve, until the drought rule is settled",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in what pdftotext finds:\n%s", want, got)
		}
	}
	if again, _ := (paper.Writer{}).Bytes(x, paper.PDF); !bytes.Equal(data, again) {
		t.Error("the same text makes other bytes")
	}
}

// A page of Arabic is read from right to left, brackets too. (Spaces and stops
// beside a number pdftotext puts where it thinks best.)
func TestPDFInArabic(t *testing.T) {
	needs(t, "pdftotext")
	data, err := paper.Writer{}.Bytes(parse(t, "# معاهدة البحيرة\n\nالمادة 4. موسم الإغلاق\n\n1. يغلق الطرفان [البحيرة][النهر] في 15 مايو (أيار) لا غير.\n"), paper.PDF)
	if err != nil {
		t.Fatal(err)
	}
	got := pdfText(t, data)
	for _, want := range []string{"معاهدة البحيرة", "موسم الإغلاق", "يغلق الطرفان [البحيرة][النهر] في", "15", "مايو (أيار) لا غير."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in what pdftotext finds: %+q", want, got)
		}
	}
}

func TestPDFIsSound(t *testing.T) {
	needs(t, "pdfinfo", "pdffonts")
	data, err := paper.Writer{}.Bytes(parse(t, lake), paper.PDF)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"pdfinfo", "pdffonts"} {
		out, err := exec.Command(program, path).CombinedOutput()
		if err != nil || strings.Contains(string(out), "Error") || strings.Contains(string(out), "Warning") {
			t.Errorf("%s: %v\n%s", program, err, out)
		}
		if program == "pdffonts" && strings.Contains(string(out), " no  ") && !strings.Contains(string(out), "yes") {
			t.Errorf("fonts are not embedded:\n%s", out)
		}
		if strings.Contains(string(out), "20"+"26") {
			t.Errorf("it tells when it was made:\n%s", out)
		}
	}
}
