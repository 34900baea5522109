package main

import "encoding/json"

// contextV1beta1 is FUNC_CONTEXT: docs/spec M75 to M81.
type contextV1beta1 struct {
	Name           string            `json:"name"`
	Version        string            `json:"version"`
	Runtime        string            `json:"runtime"`
	Port           string            `json:"port"`
	Triggers       *triggers         `json:"triggers,omitempty"`
	Inputs         map[string]input  `json:"inputs,omitempty"`
	Outputs        map[string]output `json:"outputs,omitempty"`
	States         map[string]state  `json:"states,omitempty"`
	PrePlugins     []string          `json:"prePlugins,omitempty"`
	PostPlugins    []string          `json:"postPlugins,omitempty"`
	PluginsTracing *tracing          `json:"pluginsTracing,omitempty"`
}

type input struct {
	URI           string `json:"uri"`
	ComponentName string `json:"componentName"`
	ComponentType string `json:"componentType"`
	Topic         string `json:"topic,omitempty"`
}

type output struct {
	URI           string            `json:"uri"`
	ComponentName string            `json:"componentName"`
	ComponentType string            `json:"componentType"`
	Topic         string            `json:"topic,omitempty"`
	Metadata      map[string]string `json:"metadata,omitempty"`
	Operation     string            `json:"operation,omitempty"`
}

type state struct {
	ComponentName string `json:"componentName"`
	ComponentType string `json:"componentType"`
}

// contextV1beta2 is FUNC_CONTEXT_V1BETA2: docs/spec M82.
type contextV1beta2 struct {
	Name      string               `json:"name"`
	Version   string               `json:"version"`
	Triggers  *triggers            `json:"triggers,omitempty"`
	Inputs    map[string]component `json:"inputs,omitempty"`
	Outputs   map[string]component `json:"outputs,omitempty"`
	States    map[string]component `json:"states,omitempty"`
	PreHooks  []string             `json:"preHooks,omitempty"`
	PostHooks []string             `json:"postHooks,omitempty"`
	Tracing   *tracing             `json:"tracing,omitempty"`
}

type triggers struct {
	HTTP   *httpTrigger   `json:"http,omitempty"`
	Dapr   []daprTrigger  `json:"dapr,omitempty"`
	Inputs []triggerInput `json:"inputs,omitempty"`
}

type httpTrigger struct {
	Port int `json:"port"`
	// Route is what the user gave, key for key.
	Route  json.RawMessage `json:"route,omitempty"`
	Engine string          `json:"engine,omitempty"`
}

type daprTrigger struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Topic     string `json:"topic,omitempty"`
	InputName string `json:"inputName,omitempty"`
}

type triggerInput struct {
	Dapr daprInput `json:"dapr"`
}

type daprInput struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Topic string `json:"topic,omitempty"`
}

type component struct {
	ComponentName string            `json:"componentName"`
	ComponentType string            `json:"componentType"`
	Topic         string            `json:"topic,omitempty"`
	Metadata      map[string]string `json:"metadata,omitempty"`
	Operation     string            `json:"operation,omitempty"`
}

// tracing is the same in both.
type tracing struct {
	Enabled  bool              `json:"enabled"`
	Provider *provider         `json:"provider,omitempty"`
	Tags     map[string]string `json:"tags,omitempty"`
	Baggage  map[string]string `json:"baggage,omitempty"`
}

type provider struct {
	Name      string    `json:"name"`
	OapServer string    `json:"oapServer,omitempty"`
	Exporter  *exporter `json:"exporter,omitempty"`
}

type exporter struct {
	Name        string `json:"name,omitempty"`
	Endpoint    string `json:"endpoint,omitempty"`
	Headers     string `json:"headers,omitempty"`
	Compression string `json:"compression,omitempty"`
	Timeout     string `json:"timeout,omitempty"`
	Protocol    string `json:"protocol,omitempty"`
}
