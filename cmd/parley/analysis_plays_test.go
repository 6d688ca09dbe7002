package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// Words that plays of analyses know besides:
//
//	latin FILE         replace @ by a letter as Latin-1 has it
//	profiles DIR N     a GENIUS domain with N profiles
//	wide FILE N        one issue of N options, opposed
//	deep FILE N        JSON, N levels deep

func latin(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path)
	ts.Check(err)
	ts.Check(os.WriteFile(path, bytes.ReplaceAll(text, []byte("@"), []byte{0xE9}), 0o600))
}

func profiles(ts *testscript.TestScript, _ bool, args []string) {
	dir, n := ts.MkAbs(args[0]), many(ts, args[1])
	ts.Check(os.MkdirAll(dir, 0o700))
	const issue = `<objective index="0" name="root" type="objective"><issue index="1" name="x" type="discrete">%s</issue>%s</objective>`
	domain := fmt.Sprintf(issue, `<item index="1" value="1"/><item index="2" value="2"/>`, "")
	ts.Check(os.WriteFile(filepath.Join(dir, "domain.xml"), []byte(`<negotiation_template><utility_space number_of_issues="1">`+domain+`</utility_space></negotiation_template>`), 0o600))
	for i := range n {
		worth := fmt.Sprintf(`<item index="1" value="1" evaluation="%d"/><item index="2" value="2" evaluation="%d"/>`, i+1, n-i)
		profile := "<utility_space>" + fmt.Sprintf(issue, worth, `<weight index="1" value="1"/>`) + "</utility_space>"
		ts.Check(os.WriteFile(filepath.Join(dir, fmt.Sprintf("p%d.xml", i+1)), []byte(profile), 0o600))
	}
}

func wide(ts *testscript.TestScript, _ bool, args []string) {
	text, n := "issue,option,a,b\n", many(ts, args[1])
	for i := range n {
		text += fmt.Sprintf("x,%d,%d,%d\n", i, i, n-i)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func deep(ts *testscript.TestScript, _ bool, args []string) {
	n := many(ts, args[1])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(`{"parley":`+strings.Repeat("[", n)+strings.Repeat("]", n)+"}"), 0o600))
}

func many(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}
