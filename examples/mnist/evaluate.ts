/** Testing: the confusion matrix, the mean loss and the mistakes that the network was surest of. */
import { noGrad, softmax } from 'chainrule'
import { DataLoader, type ImageDataset } from 'chainrule/data'
import * as nn from 'chainrule/nn'
import type { Mistake, TestReport } from './report.ts'

const CHUNK = 1000
const SHOWN = 24
