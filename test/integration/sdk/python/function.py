"""A function written with Dapr's SDK for Python: each event of its topic is answered with one on its output."""
import json
import os

from dapr.clients import DaprClient
from dapr.ext.grpc import App

context = json.loads(os.environ['FUNC_CONTEXT'])
trigger = context['triggers']['dapr'][0]
output = context['outputs']['answers']

app = App()


@app.subscribe(pubsub_name=trigger['name'], topic=trigger['topic'])
def answer(event):
    order = json.loads(event.Data())
    with DaprClient() as client:
        client.publish_event(
            output['componentName'], output['topic'], json.dumps({'id': order['id']}), data_content_type='application/json')


app.run(context['port'])
