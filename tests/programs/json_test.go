package programs

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// parse feeds text to ParseJSON in pieces of size bytes.
func parse(t *testing.T, text string, size int) (any, error) {
	t.Helper()
	c := NewParseJSON()
	offset, wanted := c.Resume("")
	for rest := text; wanted; {
		if at := len(text) - len(rest); offset != at {
			t.Errorf("asked for text at %d, fed %d bytes", offset, at)
		}
		piece := rest[:min(size, len(rest))]
		rest = rest[len(piece):]
		offset, wanted = c.Resume(piece)
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return c.Results()
}

var jsonTexts = []string{
	"null", "true", "false", "0", "-0", "1.5e3", "-12.25E-2", "123456789012345678901234567890", `""`, `"abc"`,
	" [ ] ", "{ }", "[1]", "[[[[[[]]]]]]", "\t\r\n 1 \n",
	`{"a":1,"b":[true,false,null],"c":{"d":{"e":"f"}},"a":2}`,
	`"\"\\\/\b\f\n\r\tA\u00e9\u20AC\ud83d\ude00 ü € 😀"`,
	`"\ud83d \ud83dx \ude00 \ud83d\u0041 \ud83d\ud83d\ude00 \ud83d"`,
	`{"name":"morestack","tags":["go","stack","coroutine"],"sizes":[2048,4096,8192],"ratio":0.125,"nested":[{"x":-1},{"x":-2}]}`,
	`[` + strings.Repeat(`{"k":["v",1.25,null]},`, 20) + `0]`,
}

func TestParseJSON(t *testing.T) {
	texts := append([]string{strings.Repeat("[", 200) + strings.Repeat("]", 200)}, jsonTexts...)
	for _, text := range texts {
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 2, 3, 7, 64, len(text)} {
			got, err := parse(t, text, size)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%q in pieces of %d: %#v, %v; want %#v", text, size, got, err, want)
			}
		}
	}
}

func TestParseJSONErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                "json: end of text instead of a value at offset 0",
		"  ":              "json: end of text instead of a value at offset 2",
		"nil":             "json: no value at offset 1",
		"tru":             "json: no value at offset 3",
		"+1":              "json: no value at offset 0",
		"01":              "json: text after the value at offset 1",
		"1.":              "json: no digit at offset 2",
		"1e+x":            "json: no digit at offset 3",
		"-":               "json: no digit at offset 1",
		"1e999":           "json: number out of range at offset 5",
		"[1":              "json: no comma or bracket after the value at offset 2",
		"[1 2]":           "json: no comma or bracket after the value at offset 3",
		"[1,]":            "json: no value at offset 3",
		`{"a"}`:           "json: no colon after the key at offset 4",
		`{"a":1,}`:        "json: no key at offset 7",
		`{1:2}`:           "json: no key at offset 1",
		`{"a":1 "b":2}`:   "json: no comma or brace after the value at offset 7",
		`{"a":[1,{"b`:     "json: end of text in a string at offset 11",
		"\"a\nb\"":        "json: control character in a string at offset 2",
		`"\x41"`:          "json: unknown escape at offset 2",
		`"\u12G4"`:        "json: no hexadecimal digit at offset 5",
		`"\ud800\u12`:     "json: no hexadecimal digit at offset 11",
		`{"a":1} {"b":2}`: "json: text after the value at offset 8",
	} {
		for _, size := range []int{1, 4, 100} {
			if value, err := parse(t, text, size); err == nil || err.Error() != want || value != nil {
				t.Errorf("%q in pieces of %d: %v, %v; want %s", text, size, value, err, want)
			}
		}
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			t.Errorf("encoding/json reads %q", text)
		}
	}
}
