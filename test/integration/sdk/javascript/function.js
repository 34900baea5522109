// A function written with Dapr's SDK for JavaScript: each event of its topic is answered with one on its output.
const { CommunicationProtocolEnum, DaprServer } = require('@dapr/dapr');

const { port, triggers, outputs } = JSON.parse(process.env.FUNC_CONTEXT);
const [{ name, topic }] = triggers.dapr;
const { answers } = outputs;
const communicationProtocol = CommunicationProtocolEnum[process.env.APP_PROTOCOL.toUpperCase()];

async function main() {
  const server = new DaprServer({ serverHost: '0.0.0.0', serverPort: port, communicationProtocol });
  await server.pubsub.subscribe(name, topic, async ({ id }) => {
    const { error } = await server.client.pubsub.publish(answers.componentName, answers.topic, { id });
    if (error) throw error;
  });
  await server.start();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
