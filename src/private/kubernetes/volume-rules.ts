/** What Kubernetes' API server asks of volumes, beyond types: a row for each structure. */
import { checkFileSource } from './container-rules';
import { Json, JsonObject, isObject, objectAt } from './json';
import schema from './pod-schema.json';
import { amountOf, among, isEmpty, mode, notNegative, Rule, Rules, Say, strictlyAmong, text, within } from './rules';
import {
  absolutePath, descendingPath, dns1123Label, dns1123Name, imageReference, localPath, noBacksteps,
} from './syntax';
import { notOneOf, show } from '../problem/problem';

const SOURCES = Object.keys(schema.Volume).filter((field) => field !== 'name');
const PROJECTIONS = Object.keys(schema.VolumeProjection);
const modes: Pick<Rules, 'values'> = { values: { defaultMode: mode } };
const partition = within(0, 255);

const file: Rules = {
  needs: { path: 'the path of the file in the volume' },
  values: { path: text(localPath), mode },
};
const SECRET = 'the name of the Secret';
const CONFIG_MAP = 'the name of the ConfigMap';

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

function checkClaim({ accessModes, resources }: JsonObject, say: Say): void {
  const modesGiven = Array.isArray(accessModes) ? accessModes : [];
  modesGiven.forEach((given, at) => {
    const unknown = typeof given === 'string' && !ACCESS_MODES.includes(given);
    if (unknown) say(['accessModes', at], notOneOf(given, ACCESS_MODES));
  });
  const exclusive = modesGiven.indexOf('ReadWriteOncePod');
  if (exclusive >= 0 && modesGiven.length > 1) {
    say(['accessModes', exclusive], '"ReadWriteOncePod" goes with no other mode');
  }
  const requests = isObject(resources) && isObject(resources.requests) ? resources.requests : {};
  const size = amountOf(requests.storage);
  const at = ['resources', 'requests', 'storage'];
  if (isEmpty(requests.storage)) say(at, 'is missing; give the size of the volume');
  else if (size !== undefined && size <= 0) say(at, `${show(requests.storage)} is not a size`);
}

const CERTIFICATES = ['credentialBundlePath', 'keyPath', 'certificateChainPath'];
const KEY_TYPES = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];
const signer: Rule = (value) => {
  const [domain, ...rest] = typeof value === 'string' ? value.split('/') : [];
  const isSigner = rest.length > 0 && domain.includes('.') && dns1123Name(domain) === undefined
    && dns1123Name(rest.join('/')) === undefined;
  return isSigner || typeof value !== 'string' ? undefined
    : `${show(value)} is not the name of a signer, such as "example.com/signer"`;
};

/** Two files of one path would hide each other. */
function checkProjected({ sources }: JsonObject, say: Say): void {
  const seen = new Set<Json>();
  const once = (path: Json | undefined, at: (string | number)[]): void => {
    if (isEmpty(path)) return;
    if (seen.has(path!)) say(at, `${show(path)} is the path of another file in this volume`);
    seen.add(path!);
  };
  (Array.isArray(sources) ? sources : []).forEach((source, index) => {
    if (!isObject(source)) return;
    for (const kind of ['secret', 'configMap', 'downwardAPI']) {
      const given = source[kind];
      const items = isObject(given) && Array.isArray(given.items) ? given.items : [];
      items.forEach((item, at) => {
        if (isObject(item)) once(item.path, ['sources', index, kind, 'items', at, 'path']);
      });
    }
    once(objectAt(source, 'clusterTrustBundle').path, ['sources', index, 'clusterTrustBundle', 'path']);
    const certificate = objectAt(source, 'podCertificate');
    for (const field of CERTIFICATES) once(certificate[field], ['sources', index, 'podCertificate', field]);
  });
}

export const VOLUME_RULES: Readonly<Record<string, Rules>> = {
  Volume: { needs: { name: 'a name for the volume' }, values: { name: text(dns1123Label) }, one: SOURCES },
  EmptyDirVolumeSource: { values: { sizeLimit: notNegative } },
  HostPathVolumeSource: {
    needs: { path: 'a path on the node' },
    values: {
      path: text(noBacksteps),
      type: among('DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice'),
    },
  },
  GitRepoVolumeSource: {
    needs: { repository: 'the URL of the repository' }, values: { directory: text(descendingPath) },
  },
  GCEPersistentDiskVolumeSource: { needs: { pdName: 'the name of the disk' }, values: { partition } },
  AWSElasticBlockStoreVolumeSource: { needs: { volumeID: 'the id of the volume' }, values: { partition } },
  SecretVolumeSource: { needs: { secretName: SECRET }, ...modes },
  ConfigMapVolumeSource: { needs: { name: CONFIG_MAP }, ...modes },
  DownwardAPIVolumeSource: modes,
  ProjectedVolumeSource: { ...modes, whole: checkProjected },
  KeyToPath: { ...file, needs: { key: 'a key', ...file.needs } },
  DownwardAPIVolumeFile: { ...file, one: ['fieldRef', 'resourceFieldRef'], any: true, whole: checkFileSource },
  VolumeProjection: { one: PROJECTIONS },
  SecretProjection: { needs: { name: SECRET } },
  ConfigMapProjection: { needs: { name: CONFIG_MAP } },
  ServiceAccountTokenProjection: {
    needs: { path: 'the path of the file in the volume' },
    values: { path: text(localPath), expirationSeconds: within(600, 2 ** 32) },
  },
  ClusterTrustBundleProjection: {
    needs: { path: 'the path of the file in the volume' },
    values: { path: text(localPath), signerName: signer },
    one: ['name', 'signerName'],
    any: true,
  },
  PodCertificateProjection: {
    needs: { signerName: 'the name of the signer', keyType: KEY_TYPES.map(show).join(', ') },
    values: {
      signerName: signer,
      keyType: among(...KEY_TYPES),
      maxExpirationSeconds: within(3600, 7_862_400),
      ...Object.fromEntries(CERTIFICATES.map((field) => [field, text(localPath)])),
    },
    whole: (given, say) => {
      if (CERTIFICATES.some((field) => !isEmpty(given[field]))) return;
      say([], `has none of ${CERTIFICATES.map(show).join(', ')}; give one of them or more`);
    },
  },
  PersistentVolumeClaimVolumeSource: { needs: { claimName: 'the name of the claim' } },
  NFSVolumeSource: {
    needs: { server: 'the host of the server', path: 'the path that it exports' }, values: { path: text(absolutePath) },
  },
  CSIVolumeSource: {
    needs: { driver: 'the name of the driver' },
    values: { driver: text((value) => dns1123Name(value.toLowerCase()) ?? tooLong(value)) },
    whole: ({ nodePublishSecretRef: ref }, say) => {
      if (!isObject(ref)) return;
      const wrong = isEmpty(ref.name) ? `is missing; give ${SECRET}` : text(dns1123Name)(ref.name);
      if (wrong !== undefined) say(['nodePublishSecretRef', 'name'], wrong);
    },
  },
  EphemeralVolumeSource: { needs: { volumeClaimTemplate: 'the claim that each pod makes' } },
  PersistentVolumeClaimTemplate: { needs: { spec: 'the claim that each pod makes' } },
  PersistentVolumeClaimSpec: {
    needs: { accessModes: 'one or more of ' + ACCESS_MODES.map(show).join(', ') },
    values: {
      volumeMode: strictlyAmong('Block', 'Filesystem'),
      storageClassName: text(dns1123Name),
      volumeAttributesClassName: text(dns1123Name),
    },
    whole: checkClaim,
  },
  AzureFileVolumeSource: { needs: { secretName: SECRET, shareName: 'the name of the share' } },
  AzureDiskVolumeSource: {
    needs: { diskName: 'the name of the disk', diskURI: 'the URI of the disk' },
    values: {
      cachingMode: strictlyAmong('None', 'ReadOnly', 'ReadWrite'),
      kind: strictlyAmong('Shared', 'Dedicated', 'Managed'),
    },
  },
  CephFSVolumeSource: { needs: { monitors: 'the monitors of Ceph' } },
  CinderVolumeSource: { needs: { volumeID: 'the id of the volume' } },
  FlexVolumeSource: { needs: { driver: 'the name of the driver' } },
  GlusterfsVolumeSource: { needs: { endpoints: 'the name of the Endpoints', path: 'the path of the volume' } },
  ISCSIVolumeSource: {
    needs: { targetPortal: 'the address of the target', iqn: 'the name of the target' },
    values: { lun: within(0, 255) },
  },
  PhotonPersistentDiskVolumeSource: { needs: { pdID: 'the id of the disk' } },
  PortworxVolumeSource: { needs: { volumeID: 'the id of the volume' } },
  QuobyteVolumeSource: { needs: { registry: 'the registry of Quobyte', volume: 'the name of the volume' } },
  RBDVolumeSource: { needs: { monitors: 'the monitors of Ceph', image: 'the image of RADOS' } },
  ScaleIOVolumeSource: {
    needs: { gateway: 'the gateway', system: 'the system', volumeName: 'the name of the volume' },
  },
  StorageOSVolumeSource: { values: { volumeName: text(dns1123Label), volumeNamespace: text(dns1123Label) } },
  ImageVolumeSource: {
    values: { reference: text(imageReference), pullPolicy: among('Always', 'IfNotPresent', 'Never') },
  },
  VsphereVirtualDiskVolumeSource: { needs: { volumePath: 'the path of the volume' } },
};

function tooLong(value: string): string | undefined {
  return value.length > 63 ? `${show(value)} has ${value.length} characters, 63 are allowed` : undefined;
}
