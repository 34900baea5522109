// Prints the field names and types of the Kubernetes structures that a user may pass through, as the library checks them:
// {"PodSpec": {"containers": "[]Container", …}, …}. model/pod-schema.ts adds the types of KEDA and writes the file.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// roots are the types of values that reach a manifest as the user wrote them.
var roots = []reflect.Type{
	reflect.TypeFor[corev1.PodSpec](),
	reflect.TypeFor[autoscalingv2.HorizontalPodAutoscalerBehavior](),
	reflect.TypeFor[gatewayv1.HTTPRouteRule](),
	reflect.TypeFor[gatewayv1.ParentReference](),
}

// words for types whose JSON is not that of their fields.
var words = map[reflect.Type]string{
	reflect.TypeFor[resource.Quantity]():  "quantity",
	reflect.TypeFor[intstr.IntOrString](): "intOrString",
	reflect.TypeFor[metav1.Time]():        "time",
	reflect.TypeFor[metav1.MicroTime]():   "time",
	reflect.TypeFor[metav1.Duration]():    "string",
	// What a server writes about field owners: free-form.
	reflect.TypeFor[metav1.FieldsV1](): "object",
}

type schema map[string]map[string]string

type builder struct {
	out   schema
	named map[string]reflect.Type
}

func main() {
	b := builder{out: schema{}, named: map[string]reflect.Type{}}
	for _, root := range roots {
		b.word(root)
	}
	print(b.out)
}

// word names a type, and adds the fields of the structures it leads to.
func (b *builder) word(t reflect.Type) string {
	if word, ok := words[t]; ok {
		return word
	}
	switch t.Kind() {
	case reflect.Pointer:
		return b.word(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint16:
		return "int"
	case reflect.Float64:
		return "number"
	case reflect.Slice:
		return "[]" + b.word(t.Elem())
	case reflect.Map:
		return "map[string]" + b.word(t.Elem())
	case reflect.Struct:
		return b.structure(t)
	}
	panic(fmt.Sprintf("no word for %s", t))
}

func (b *builder) structure(t reflect.Type) string {
	name := t.Name()
	// The Gateway API reuses names of core/v1 for other structures.
	if other, taken := b.named[name]; taken && other != t {
		name = "Gateway" + name
	}
	if b.named[name] == t {
		return name
	}
	b.named[name] = t
	b.out[name] = map[string]string{}
	b.fields(t, b.out[name])
	return name
}

func (b *builder) fields(t reflect.Type, into map[string]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag == "" && (field.Anonymous || strings.Contains(options, "inline")) {
			b.fields(field.Type, into)
			continue
		}
		into[tag] = b.word(field.Type)
	}
}

// print writes one structure a line: small, and a change of a field shows in a diff.
func print(s schema) {
	names := make([]string, 0, len(s))
	for name := range s {
		names = append(names, name)
	}
	sort.Strings(names)
	lines := make([]string, 0, len(names))
	for _, name := range names {
		fields, err := json.Marshal(s[name])
		if err != nil {
			panic(err)
		}
		lines = append(lines, fmt.Sprintf("  %q: %s", name, fields))
	}
	fmt.Fprintf(os.Stdout, "{\n%s\n}\n", strings.Join(lines, ",\n"))
}
